"""Releases, by the own API: what there is, tags and notes, what they are bound to."""

from typing import Any

import pytest

from artifacts.models import Release
from auditlog.models import AuditEntry
from deployments.models import Deployment
from fleet.models import Organization, Role
from tests.api.v1.callers import Caller, caller
from tests.make import make_artifact, make_deployment, make_device, make_organization, make_release


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def admin(organization: Organization) -> Caller:
    return caller(organization=organization)


def items(admin: Caller, **parameters: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.get("/releases", **parameters).json()["items"]
    return found


def names(admin: Caller, q: str) -> list[str]:
    return [item["name"] for item in items(admin, q=q, sort="name")]


def test_a_release_tells_what_it_is_made_of(admin: Caller, organization: Organization) -> None:
    release = make_release(organization, name="os-1")
    make_artifact(release, device_types=["rspi", "board"], size=10)
    make_artifact(release, device_types=["amd64"], size=5)
    make_release(name="elsewhere")
    admin.patch(f"/releases/{release.id}", {"tags": ["Stable", "eu"], "notes": "Friday"})
    [shown] = items(admin)
    assert shown | {"created_at": 0, "updated_at": 0} == {
        "id": str(release.id),
        "name": "os-1",
        "notes": "Friday",
        "tags": ["eu", "stable"],
        "artifact_count": 2,
        "size": 15,
        "device_types": ["amd64", "board", "rspi"],
        "version": "",
        "type": None,
        "module_count": 2,
        "created_at": 0,
        "updated_at": 0,
    }
    assert admin.get(f"/releases/{release.id}").json() == shown


def test_one_without_artifacts_has_empty_lists(admin: Caller, organization: Organization) -> None:
    make_release(organization)
    [shown] = items(admin)
    assert (shown["tags"], shown["device_types"]) == ([], [])
    assert (shown["artifact_count"], shown["size"]) == (0, 0)


def test_they_are_found_by_what_they_are_made_of(admin: Caller, organization: Organization) -> None:
    for name, types, size in (("a", ["board"], 10), ("b", ["board", "rspi"], 20)):
        made = make_artifact(make_release(organization, name=name), device_types=types, size=size)
        admin.patch(f"/releases/{made.release.id}", {"tags": [f"t-{name}"]})
    make_release(organization, name="c")
    assert names(admin, "device_types==board") == ["a", "b"]
    assert names(admin, "device_types!=rspi") == ["a", "c"]
    assert names(admin, "tags=in=(t-b,t-x)") == ["b"]
    assert names(admin, "size=gt=10") == ["b"]
    assert names(admin, "artifact_count==0") == ["c"]


def test_a_change_keeps_what_it_does_not_name(admin: Caller, organization: Organization) -> None:
    release = make_release(organization)
    path = f"/releases/{release.id}"
    assert admin.patch(path, {"notes": "first"}).status_code == 200
    changed = admin.patch(path, {"tags": ["lab"]})
    assert (changed.json()["notes"], changed.json()["tags"]) == ("first", ["lab"])
    entry = AuditEntry.objects.of(organization.pk).first()
    assert entry
    assert (entry.via, entry.change) == ("Slipway API", {"tags": [[], ["lab"]]})


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"tags": ["no spaces"]}, "invalid_tag", "tags"),
        ({"notes": "x" * 1025}, "too_long", "notes"),
    ],
)
def test_what_cannot_be_said_is_refused_whole(
    admin: Caller, organization: Organization, body: dict[str, Any], code: str, field: str
) -> None:
    release = make_release(organization)
    answer = admin.patch(f"/releases/{release.id}", {"notes": "new", "tags": ["new"]} | body)
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["field"]) == (code, field)
    release.refresh_from_db()
    assert (release.notes, release.tags.count()) == ("", 0)


def test_members_that_are_not_known_are_named(admin: Caller, organization: Organization) -> None:
    answer = admin.patch(f"/releases/{make_release(organization).id}", {"name": "other"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_body")
    assert "name" in str(answer.json()["errors"])


def test_deleting_takes_the_artifacts_along(admin: Caller, organization: Organization) -> None:
    release = make_artifact(make_release(organization)).release
    assert admin.delete(f"/releases/{release.id}").status_code == 204
    assert not Release.objects.filter(pk=release.pk).exists()
    assert admin.get(f"/releases/{release.id}").status_code == 404


def test_one_that_is_being_deployed_stays(admin: Caller, organization: Organization) -> None:
    device = make_device(organization, device_type="board")
    deployment = make_deployment(organization, devices=[device])
    release = Release.objects.get(organization=organization)
    answer = admin.delete(f"/releases/{release.id}")
    assert answer.status_code == 409
    assert Deployment.objects.filter(pk=deployment.pk).exists()
    assert Release.objects.filter(pk=release.pk).exists()


def test_a_viewer_changes_nothing(organization: Organization) -> None:
    viewer, release = caller(Role.VIEWER, organization), make_release(organization)
    assert viewer.get(f"/releases/{release.id}").status_code == 200
    assert viewer.patch(f"/releases/{release.id}", {"notes": "x"}).status_code == 403
    assert viewer.delete(f"/releases/{release.id}").status_code == 403
