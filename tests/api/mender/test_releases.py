"""Version 2 of releases: listed by what is known of them, shown whatever their names."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artifacts.models import Release, ReleaseTag
from artifacts.releases import set_notes
from artifacts.tags import set_tags
from fleet.models import Organization
from tests.api.mender.callers import Person, error_of
from tests.make import (
    make_actor,
    make_artifact,
    make_distribution_set,
    make_organization,
    make_release,
)

RELEASES = "v2/deployments/deployments/releases"
V1 = "v1/deployments/deployments/releases"


@pytest.fixture
def releases(organization: Organization) -> list[Release]:
    """Two artifacts of app, tagged "qa" and "west", one of zap, tagged "qa", one of bare."""
    actor = make_actor(organization)
    app, zap = make_release(organization, name="app"), make_release(organization, name="zap")
    make_artifact(app, device_types=["board"], description="Monday")
    make_artifact(app, device_types=["rspi"])
    make_artifact(zap, device_types=["toaster"], payloads=[{"type": "docker", "files": []}])
    bare = make_artifact(make_release(organization, name="bare")).release
    set_tags(actor=actor, release=app, tags=["west", "qa"])
    set_tags(actor=actor, release=zap, tags=["qa"])
    set_notes(actor=actor, release=app, notes="Fixes the clock.")
    stranger = make_artifact(make_release(make_organization(), name="app")).release
    ReleaseTag.objects.create(release=stranger, name="theirs")
    return [app, zap, bare]


@pytest.mark.usefixtures("releases")
@pytest.mark.parametrize("path", [V1, f"{V1}/list", RELEASES])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=A&sort=name:desc", ["zap", "bare", "app"]),
        ("tag=qa", ["app", "zap"]),
        ("tag=West", ["app"]),
        ("tag=west&tag=qa", ["app", "zap"]),
        ("tag=theirs", []),
        ("update_type=docker", ["zap"]),
        ("update_type=dock", []),
        ("device_type=RSP", ["app"]),
        ("description=monday&device_type=rspi", []),
        ("sort=artifacts_count:desc", ["app", "zap", "bare"]),
        ("sort=tags:asc", ["bare", "app", "zap"]),
        ("sort=tags:desc,name:desc", ["zap", "app", "bare"]),
        ("sort=modified:desc", ["app", "zap", "bare"]),
        ("", ["app", "bare", "zap"]),
    ],
)
def test_they_narrow_and_sort(admin: Person, path: str, query: str, names: list[str]) -> None:
    shown = [release["name"] for release in admin.get(f"{path}?{query}").json()]
    assert shown == names


@pytest.mark.parametrize("path", [V1, f"{V1}/list", RELEASES])
@pytest.mark.parametrize("query", ["sort=size:asc", "sort=tags:up", "name=" + "x" * 4097])
def test_a_query_that_makes_no_sense_is_refused(admin: Person, path: str, query: str) -> None:
    error_of(admin.get(f"{path}?{query}"), 400)


@pytest.mark.usefixtures("releases")
def test_one_is_shown_with_all_that_is_known(admin: Person) -> None:
    shown = admin.get(f"{RELEASES}/app").json()
    assert list(shown) == ["name", "modified", "notes", "tags", "artifacts", "artifacts_count"]
    assert (shown["notes"], shown["tags"]) == ("Fixes the clock.", ["qa", "west"])
    assert shown["artifacts_count"] == len(shown["artifacts"]) == 2
    [listed] = admin.get(f"{RELEASES}?name=app").json()
    assert listed == shown
    error_of(admin.get(f"{RELEASES}/none"), 404)


@pytest.mark.usefixtures("releases")
def test_pages_are_counted_and_too_large_ones_forgiven(admin: Person) -> None:
    answer = admin.get(f"{RELEASES}?per_page=1")
    assert (len(answer.json()), answer.headers["X-Total-Count"]) == (1, "3")
    assert 'page=3&per_page=1>; rel="last"' in answer.headers["Link"]
    assert len(admin.get(f"{RELEASES}?per_page=501").json()) == 3
    error_of(admin.get(f"{RELEASES}?page=0"), 400)


@pytest.mark.usefixtures("releases")
def test_tags_and_types_are_told_once_each(admin: Person) -> None:
    assert admin.get("v2/deployments/releases/all/tags").json() == ["qa", "west"]
    assert admin.get("v2/deployments/releases/all/types").json() == ["docker", "script"]


@pytest.mark.parametrize("path", [V1, f"{V1}/list?per_page=100", f"{RELEASES}?per_page=100"])
def test_many_take_as_many_queries_as_one(
    admin: Person, organization: Organization, path: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert admin.get(path).status_code == 200
        return len(caught)

    make_artifact(make_release(organization))
    queries()  # the first notes that the token was used
    few = queries()
    for _ in range(30):
        make_artifact(make_release(organization))
    assert queries() == few


@given(
    name=st.text(st.characters(exclude_characters="\0\n", codec="utf-8"), min_size=1, max_size=9)
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_any_name_is_found_by_its_address(
    admin: Person, organization: Organization, name: str
) -> None:
    Release.objects.all().delete()
    make_release(organization, name=name)
    address = f"{RELEASES}/{quote(name, safe='')}"
    if name.endswith("/tags"):
        return
    assert admin.get(address).json()["name"] == name
    assert admin.put(f"{address}/tags", ["x"]).status_code == 204


@pytest.mark.parametrize("path", [V1, f"{V1}/list", RELEASES])
def test_what_was_put_together_elsewhere_has_no_artifacts(
    admin: Person, organization: Organization, path: str
) -> None:
    make_distribution_set(organization, "fw", "1.0", files={"image.bin": b"x"})
    [release] = admin.get(path).json()
    assert (release["name"], release["artifacts"], release["artifacts_count"]) == ("fw:1.0", [], 0)
    assert admin.get(f"{path}?update_type=script").json() == []
    assert admin.get("v1/deployments/artifacts").json() == []
