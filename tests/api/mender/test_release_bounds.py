"""A role within some tags sees and changes the releases that have one of them, and no other."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from artifacts.models import Artifact, Release, ReleaseTag
from fleet.models import CustomRole, Membership, Organization
from jobs.running import run_due
from tests.api.mender.callers import Person, error_of, person
from tests.api.mender.forms import generate, send_form
from tests.make import make_artifact, make_mender_file, make_release

V1, V2 = "v1/deployments", "v2/deployments"
RELEASES = f"{V2}/deployments/releases"


def bounded(organization: Organization, *sets: str) -> Person:
    """Somebody whose permissions hold for the tag "qa" only."""
    scope = {"type": "ReleaseTags", "value": ["QA", "none"]}
    role = CustomRole.objects.create(
        organization=organization,
        name=" ".join(sets),
        permission_sets=[{"name": name, "scope": scope} for name in sets],
    )
    someone = person(organization)
    membership = Membership.objects.order_by("pk").last()
    assert membership
    Membership.objects.filter(pk=membership.pk).update(role="")
    membership.custom_roles.add(role)
    return someone


@pytest.fixture
def artifacts(organization: Organization) -> dict[str, Artifact]:
    """One tagged "qa" and "west", one tagged "west", one without tags."""
    made = {}
    for name, tags in {"mine": ["qa", "west"], "other": ["west"], "plain": []}.items():
        made[name] = make_artifact(make_release(organization, name=name))
        for tag in tags:
            ReleaseTag.objects.create(release=made[name].release, name=tag)
    return made


@pytest.fixture
def reader(organization: Organization) -> Person:
    return bounded(organization, "ReadReleases")


@pytest.fixture
def manager(organization: Organization) -> Person:
    return bounded(organization, "ManageReleases")


@pytest.mark.usefixtures("artifacts")
def test_lists_leave_out_what_is_outside(reader: Person) -> None:
    for path in (
        *(f"{V1}/artifacts", f"{V1}/artifacts/list", f"{V2}/artifacts", RELEASES),
        *(f"{V1}/deployments/releases", f"{V1}/deployments/releases/list"),
    ):
        assert [each["name"] for each in reader.get(path).json()] == ["mine"], path
        if "X-Total-Count" in (headers := reader.get(path).headers):
            assert headers["X-Total-Count"] == "1"
    assert reader.get(f"{RELEASES}?name=other").json() == []
    assert reader.get(f"{V2}/releases/all/tags").json() == ["qa", "west"]
    assert reader.get(f"{V2}/releases/all/types").json() == ["script"]


def test_what_is_outside_is_not_there(reader: Person, artifacts: dict[str, Artifact]) -> None:
    assert reader.get(f"{V1}/artifacts/{artifacts['mine'].id}").status_code == 200
    assert reader.get(f"{RELEASES}/mine").status_code == 200
    error_of(reader.get(f"{V1}/artifacts/{artifacts['other'].id}"), 404)
    error_of(reader.get(f"{V1}/artifacts/{artifacts['plain'].id}/download"), 404)
    error_of(reader.get(f"{RELEASES}/other"), 404)


def test_changes_stay_inside(manager: Person, artifacts: dict[str, Artifact]) -> None:
    mine, other = (f"{V1}/artifacts/{artifacts[name].id}" for name in ("mine", "other"))
    assert manager.put(mine, {"description": "new"}).status_code == 204
    error_of(manager.put(other, {"description": "new"}), 404)
    assert manager.call("PATCH", f"{RELEASES}/mine", {"notes": "new"}).status_code == 204
    error_of(manager.call("PATCH", f"{RELEASES}/other", {"notes": "new"}), 404)
    error_of(manager.delete(other), 404)
    assert manager.delete(mine).status_code == 204


@pytest.mark.usefixtures("artifacts")
def test_nobody_moves_their_own_bounds(manager: Person) -> None:
    error_of(manager.put(f"{RELEASES}/mine/tags", ["west"]), 403)
    error_of(manager.put(f"{RELEASES}/other/tags", ["qa"]), 403)


@pytest.mark.usefixtures("artifacts")
def test_of_many_only_the_visible_ones_are_deleted(manager: Person) -> None:
    assert manager.delete(f"{RELEASES}?name=mine&name=other").status_code == 204
    assert sorted(Release.objects.values_list("name", flat=True)) == ["other", "plain"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("artifacts")
def test_uploads_only_add_to_what_is_inside(manager: Person) -> None:
    def upload(name: str) -> Any:
        content = make_mender_file(name, device_types=["new"])
        return send_form(manager, f"{V1}/artifacts", {"artifact": SimpleUploadedFile("a", content)})

    assert upload("mine").status_code == 201
    for name in ("other", "plain", "fresh"):
        error_of(upload(name), 403)
        error_of(generate(manager, name=name), 403)
    assert generate(manager, name="mine", device_types_compatible="newer").status_code == 201
    run_due()
    assert Release.objects.get(name="mine").artifacts.count() == 3
    assert not Release.objects.filter(name="fresh").exists()


def test_who_may_read_may_not_change(reader: Person, artifacts: dict[str, Artifact]) -> None:
    error_of(reader.delete(f"{V1}/artifacts/{artifacts['mine'].id}"), 403)
    error_of(reader.call("PATCH", f"{RELEASES}/mine", {"notes": "new"}), 403)
    error_of(reader.delete(f"{RELEASES}?name=mine"), 403)
