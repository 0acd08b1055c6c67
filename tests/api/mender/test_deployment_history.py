"""What a device has been through, and how that is forgotten."""

import pytest

from auditlog.models import AuditEntry
from fleet.models import Organization
from tests.api.mender.callers import Box, Person, error_of
from tests.make import make_deployment, upload_artifact

DEPLOYMENTS = "v1/deployments/deployments"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.fixture
def history(organization: Organization, device: Box) -> str:
    """One finished, one under way, one not asked for."""
    artifact = upload_artifact(organization)
    first = make_deployment(devices=[device.device], release=artifact.release, name="first")
    device.poll()
    device.report(first.id, "success")
    make_deployment(devices=[device.device], name="second")
    device.poll()
    make_deployment(devices=[device.device], name="third")
    return f"{DEPLOYMENTS}/devices/{device.device.id}"


def names(admin: Person, path: str) -> list[str]:
    answer = admin.get(path)
    return [each["deployment"]["name"] for each in answer.json()]


def test_it_is_listed_newest_first(admin: Person, device: Box, history: str) -> None:
    answer = admin.get(history)
    assert answer.headers["X-Total-Count"] == "2"
    second, first = answer.json()
    assert (second["deployment"]["name"], first["deployment"]["name"]) == ("second", "first")
    assert first["device"]["image"]["name"] == "release-1"
    assert first["device"]["id"] == str(device.device.id)
    assert first["device"]["status"] == "success"
    assert len({first["id"], second["id"]}) == 2
    assert names(admin, f"{history}?per_page=1&page=2") == ["first"]
    assert names(admin, f"{history}?status=finished") == ["first"]
    assert names(admin, f"{history}?status=pending") == ["second"]


@pytest.mark.parametrize("query", ["per_page=21", "page=0", "status=none"])
def test_what_makes_no_sense_is_refused(admin: Person, history: str, query: str) -> None:
    error_of(admin.get(f"{history}?{query}"), 400)


def test_it_is_forgotten(admin: Person, device: Box, history: str) -> None:
    answer = admin.delete(f"{history}/history")
    assert (answer.status_code, answer.content) == (204, b"")
    assert names(admin, history) == ["second"]
    [first] = admin.get(f"{DEPLOYMENTS}?search=first").json()
    assert first["statistics"]["status"]["success"] == 1
    [row] = admin.get(f"{DEPLOYMENTS}/{first['id']}/devices").json()
    assert row["id"] == str(device.device.id)
    error_of(device.report(first["id"], "failure"), 404)
    entry = AuditEntry.objects.get(object_kind="device", action="update")
    assert entry.change == {"deployments_forgotten": 1}


def test_an_unknown_device_has_none(admin: Person) -> None:
    for device in (UNKNOWN, "none"):
        error_of(admin.get(f"{DEPLOYMENTS}/devices/{device}"), 404)
        error_of(admin.delete(f"{DEPLOYMENTS}/devices/{device}/history"), 404)


def test_it_takes_the_same_queries_for_many(
    admin: Person, device: Box, django_assert_max_num_queries: object
) -> None:
    path = f"{DEPLOYMENTS}/devices/{device.device.id}"
    for number in range(20):
        made = make_deployment(devices=[device.device], name=str(number))
        device.poll()
        device.report(made.id, "success")
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert len(admin.get(path).json()) == 20
