"""What people do to releases: annotate, tag, delete many at once."""

from typing import Any

import pytest

from artifacts.models import Artifact, Release, ReleaseTag
from fleet.models import Organization, Role
from tests.api.mender.audit import entries
from tests.api.mender.callers import Person, error_of, person
from tests.make import make_artifact, make_deployment, make_device, make_organization, make_release

RELEASES = "v2/deployments/deployments/releases"


@pytest.fixture
def app(organization: Organization) -> Release:
    return make_artifact(make_release(organization, name="app/1?x")).release


APP = f"{RELEASES}/app%2F1%3Fx"


def test_notes_are_replaced(admin: Person, app: Release) -> None:
    answer = admin.call("PATCH", APP, {"notes": "New\nclock"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert admin.get(APP).json()["notes"] == "New\nclock"
    assert admin.call("PATCH", APP, {}).status_code == 204
    assert admin.get(APP).json()["notes"] == "New\nclock"
    assert admin.call("PATCH", APP, {"notes": ""}).status_code == 204
    app.refresh_from_db()
    assert app.notes == ""


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("body", [{"notes": "x" * 1025}, {"notes": 1}, [], "x", b"{", b""])
def test_notes_that_are_none_are_refused(admin: Person, body: Any) -> None:
    error_of(admin.call("PATCH", APP, body), 400)


@pytest.mark.usefixtures("app")
def test_tags_are_replaced_in_lower_case_and_once_each(admin: Person) -> None:
    assert admin.put(f"{APP}/tags", ["West", "qa.1_x-", "QA.1_x-"]).status_code == 204
    assert admin.get(APP).json()["tags"] == ["qa.1_x-", "west"]
    assert admin.put(f"{APP}/tags", ["west", "new"]).status_code == 204
    assert admin.get(APP).json()["tags"] == ["new", "west"]
    assert admin.put(f"{APP}/tags", []).status_code == 204
    assert admin.get(APP).json()["tags"] == []
    changes = [entry.get("change", "") for entry in entries(admin, "all=true&per_page=100")]
    assert sum("tags" in change for change in changes) == 3


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    "body",
    [
        *([""], ["a b"], ["ä"], ["x" * 65], ["a\n"], [1], [None], {"tags": []}, "x", None),
        [f"tag{number}" for number in range(21)],
        b"[",
    ],
)
def test_tags_that_are_none_are_refused(admin: Person, body: Any) -> None:
    error_of(admin.put(f"{APP}/tags", body), 400)
    assert not ReleaseTag.objects.exists()


@pytest.mark.usefixtures("app")
def test_an_organization_has_no_more_than_a_hundred(
    admin: Person, organization: Organization
) -> None:
    for number in range(100):
        ReleaseTag.objects.create(release=make_release(organization), name=f"tag{number}")
    ReleaseTag.objects.create(release=make_release(make_organization()), name="theirs")
    assert admin.put(f"{APP}/tags", ["tag0", "tag50"]).status_code == 204
    error_of(admin.put(f"{APP}/tags", ["tag0", "new"]), 409)
    assert admin.get(APP).json()["tags"] == ["tag0", "tag50"]
    ReleaseTag.objects.filter(name="tag99").delete()
    assert admin.put(f"{APP}/tags", ["tag0", "new"]).status_code == 204


def test_what_is_not_there_is_not_found(admin: Person) -> None:
    error_of(admin.call("PATCH", f"{RELEASES}/none", {"notes": "x"}), 404)
    error_of(admin.put(f"{RELEASES}/none/tags", ["x"]), 404)


def test_many_are_deleted_at_once(admin: Person, organization: Organization) -> None:
    for name in ("a", "b&c", "d"):
        make_artifact(make_release(organization, name=name))
    theirs = make_artifact(make_release(make_organization(), name="a"))
    answer = admin.delete(f"{RELEASES}?name=a&name=b%26c&name=none")
    assert (answer.status_code, answer.content) == (204, b"")
    left = Release.objects.values_list("name", flat=True)
    assert sorted(left) == ["a", "d"]
    assert Artifact.objects.filter(pk=theirs.pk).exists()
    assert [entry["action"] for entry in entries(admin)].count("delete") == 2


@pytest.mark.parametrize("query", ["", "?name=", "?other=a"])
def test_deleting_wants_a_name(admin: Person, query: str) -> None:
    assert "at least one release name" in error_of(admin.delete(f"{RELEASES}{query}"), 400)


def test_one_in_use_keeps_them_all(admin: Person, organization: Organization) -> None:
    running = []
    for name in ("a", "b", "c"):
        release = make_artifact(make_release(organization, name=name)).release
        device = make_device(organization, device_type="board")
        if name != "a":
            running.append(str(make_deployment(release=release, devices=[device]).id))
    answer = admin.delete(f"{RELEASES}?name=a&name=b&name=c")
    assert error_of(answer, 409) == "release(s) used in active deployment"
    assert sorted(answer.json()["active_deployments"]) == sorted(running)
    assert Release.objects.count() == 3


@pytest.mark.usefixtures("app")
def test_who_may_only_look_changes_nothing(organization: Organization) -> None:
    viewer = person(organization, Role.VIEWER)
    assert viewer.get(APP).status_code == 200
    error_of(viewer.call("PATCH", APP, {"notes": "x"}), 403)
    error_of(viewer.put(f"{APP}/tags", ["x"]), 403)
    error_of(viewer.delete(f"{RELEASES}?name=app"), 403)
