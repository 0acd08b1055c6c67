"""Artifacts and releases are listed, narrowed down and sorted."""

import pytest

from artifacts.models import Artifact, Release
from fleet.models import Organization
from tests.api.mender.callers import Person, error_of
from tests.make import make_artifact, make_release

ARTIFACTS = "v1/deployments/artifacts"
RELEASES = "v1/deployments/deployments/releases"


@pytest.fixture(autouse=True)
def releases(organization: Organization) -> list[Release]:
    """Two of app, for board and for rspi, then one of zap for toaster."""
    app, zap = make_release(organization, name="app-2"), make_release(organization, name="zap")
    make_artifact(app, device_types=["board"], description="100% Monday")
    make_artifact(app, device_types=["rspi"])
    make_artifact(zap, device_types=["toaster"])
    return [app, zap]


@pytest.mark.parametrize("path", [ARTIFACTS, f"{ARTIFACTS}/list"])
@pytest.mark.parametrize(
    ("query", "types"),
    [
        ("", ["board", "rspi", "toaster"]),
        ("name=PP", ["board", "rspi"]),
        ("name=app&device_type=SPI", ["rspi"]),
        ("description=monday", ["board"]),
        ("description=%25", ["board"]),
        ("device_type=o", ["board", "toaster"]),
        ("name=nothing", []),
        ("sort=name:desc", ["toaster", "board", "rspi"]),
        ("sort=modified:desc", ["toaster", "rspi", "board"]),
        ("sort=modified:asc", ["board", "rspi", "toaster"]),
    ],
)
def test_artifacts_narrow_and_sort(admin: Person, path: str, query: str, types: list[str]) -> None:
    shown = admin.get(f"{path}?{query}").json()
    found = [artifact["device_types_compatible"][0] for artifact in shown]
    in_case_order = sorted(found) if query == "" else found
    assert in_case_order == types


@pytest.mark.parametrize("path", [RELEASES, f"{RELEASES}/list"])
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=app", ["app-2"]),
        ("description=monday", ["app-2"]),
        ("device_type=toaster", ["zap"]),
        ("device_type=board&name=zap", []),
        ("sort=modified:asc", ["app-2", "zap"]),
        ("sort=modified:desc", ["zap", "app-2"]),
    ],
)
def test_releases_narrow_and_sort(admin: Person, path: str, query: str, names: list[str]) -> None:
    assert [release["name"] for release in admin.get(f"{path}?{query}").json()] == names


def test_a_release_goes_by_both_spellings(admin: Person) -> None:
    [shown] = admin.get(f"{RELEASES}/list?name=app").json()
    assert shown["Name"] == shown["name"] == "app-2"
    assert shown["Artifacts"] == shown["artifacts"] == admin.get(f"{ARTIFACTS}?name=app").json()
    assert shown["ArtifactsCount"] == 2


@pytest.mark.parametrize("path", [f"{ARTIFACTS}/list", f"{RELEASES}/list"])
def test_pages_say_how_many_there_are(admin: Person, path: str) -> None:
    total = 3 if path.startswith(ARTIFACTS) else 2
    answer = admin.get(f"{path}?per_page=1")
    assert (len(answer.json()), answer.headers["X-Total-Count"]) == (1, str(total))
    assert f'page={total}&per_page=1>; rel="last"' in answer.headers["Link"]
    beyond = admin.get(f"{path}?per_page=1&page=99")
    assert (beyond.json(), beyond.headers["X-Total-Count"]) == ([], str(total))


def test_only_the_list_of_releases_forgives_a_page_that_is_too_large(admin: Person) -> None:
    assert len(admin.get(f"{RELEASES}/list?per_page=501").json()) == 2
    error_of(admin.get(f"{ARTIFACTS}/list?per_page=501"), 400)


@pytest.mark.parametrize("path", [ARTIFACTS, f"{ARTIFACTS}/list", RELEASES, f"{RELEASES}/list"])
@pytest.mark.parametrize("sort", ["size:asc", "name:up", "name:asc:desc"])
def test_an_unknown_order_is_refused(admin: Person, path: str, sort: str) -> None:
    error_of(admin.get(f"{path}?sort={sort}"), 400)


def test_a_release_without_artifacts_is_none(admin: Person) -> None:
    Artifact.objects.filter(release__name="zap").delete()
    assert len(admin.get(RELEASES).json()) == 1
