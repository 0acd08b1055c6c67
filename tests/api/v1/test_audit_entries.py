"""The audit log, by the own API."""

import pytest

from auditlog.models import Action, AuditEntry
from auditlog.record import Subject, record
from fleet.models import Organization, Role
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import Caller, caller
from tests.make import make_actor, make_organization


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def viewer(organization: Organization) -> Caller:
    return caller(Role.VIEWER, organization)


def write(organization: Organization, action: Action, kind: str, name: str) -> int:
    actor = make_actor(organization, name="ann@example.com", via="dashboard", address="192.0.2.7")
    record(actor, action, Subject(kind, f"id-{name}", name), {"group": ["", "lab"]})
    return AuditEntry.objects.order_by("-id").values_list("id", flat=True)[0]


def test_an_entry_says_who_did_what_to_what(viewer: Caller, organization: Organization) -> None:
    number = write(organization, Action.UPDATE, "device", "edge-1")
    shown = viewer.get(f"/audit-entries/{number}").json()
    assert shown.pop("at").endswith("Z")
    assert shown.pop("actor.id")
    assert shown == {
        "number": number,
        "actor.kind": "user",
        "actor.name": "ann@example.com",
        "via": "dashboard",
        "token": "",
        "address": "192.0.2.7",
        "action": "update",
        "object.kind": "device",
        "object.id": "id-edge-1",
        "object.name": "edge-1",
        "change": {"group": ["", "lab"]},
    }


def test_the_newest_comes_first(viewer: Caller, organization: Organization) -> None:
    numbers = [write(organization, Action.UPDATE, "device", str(n)) for n in range(3)]
    items = viewer.get("/audit-entries").json()["items"]
    assert [item["number"] for item in items][:3] == numbers[::-1]


def test_entries_are_found_by_what_they_say(viewer: Caller, organization: Organization) -> None:
    wanted = write(organization, Action.ACCEPT, "device", "edge-1")
    write(organization, Action.REJECT, "device", "edge-2")
    write(organization, Action.UPDATE, "release", "edge-1")
    for q in (
        "action==accept",
        "object.kind==device;object.name==edge-1",
        f"number=={wanted}",
        "actor.name==ann*;object.id==id-edge-1;action!=update",
    ):
        items = viewer.get("/audit-entries", q=q).json()["items"]
        assert [item["number"] for item in items] == [wanted], q


def test_every_organization_has_its_own(viewer: Caller) -> None:
    elsewhere = write(make_organization(), Action.UPDATE, "device", "edge-1")
    items = viewer.get("/audit-entries").json()["items"]
    assert elsewhere not in [item["number"] for item in items]
    assert viewer.get(f"/audit-entries/{elsewhere}").status_code == 404


def test_nobody_changes_any(organization: Organization) -> None:
    admin, number = (
        caller(organization=organization),
        write(organization, Action.UPDATE, "device", "edge-1"),
    )
    for method in ("PATCH", "PUT", "DELETE"):
        assert admin.send(method, f"/audit-entries/{number}", {}).status_code == 405


def test_not_everybody_may_read_it(organization: Organization) -> None:
    assert caller(Role.CI, organization).get("/audit-entries").status_code == 403
    within = bounded(organization, "ReadDevices", "DeviceGroups", "lab")
    assert within.get("/audit-entries").status_code == 403
