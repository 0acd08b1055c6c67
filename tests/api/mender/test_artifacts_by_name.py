"""Version 2 of the list of artifacts: exact names, or one prefix."""

from urllib.parse import quote

import pytest

from fleet.models import Organization
from tests.api.mender.callers import Person, error_of
from tests.make import make_artifact, make_organization, make_release

ARTIFACTS = "v2/deployments/artifacts"


@pytest.fixture(autouse=True)
def artifacts(organization: Organization) -> None:
    for name, device_type, description in [
        ("app-2", "board", "Monday"),
        ("app-1", "rspi", "Monday's"),
        ("App-3", "rspi4", ""),
        ("100%*", "board*", "*"),
        ("100%_", "toaster", ""),
    ]:
        release = make_release(organization, name=name)
        make_artifact(release, device_types=[device_type], description=description)
    make_artifact(make_release(make_organization(), name="app-1"))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=app-1", ["app-1"]),
        ("name=app-1&name=app-2&name=none", ["app-1", "app-2"]),
        ("name=app-*", ["app-1", "app-2"]),
        ("name=APP-*", []),
        ("name=app", []),
        ("name=100%25*", ["100%*", "100%_"]),
        (f"name={quote(chr(92))}*", []),
        (f"name=100%25{quote(chr(92))}*", ["100%*"]),
        ("description=Monday", ["app-2"]),
        ("description=Mon*", ["app-1", "app-2"]),
        ("description=mon*", []),
        ("device_type=rspi", ["app-1"]),
        ("device_type=rspi*", ["App-3", "app-1"]),
        (f"device_type=board{quote(chr(92))}*", ["100%*"]),
        ("name=app-*&device_type=board", ["app-2"]),
        ("name=*", ["100%*", "100%_", "App-3", "app-1", "app-2"]),
        ("sort=name:desc", ["app-2", "app-1", "App-3", "100%_", "100%*"]),
    ],
)
def test_names_are_exact_unless_they_end_in_a_star(
    admin: Person, query: str, names: list[str]
) -> None:
    shown = [artifact["name"] for artifact in admin.get(f"{ARTIFACTS}?{query}").json()]
    assert shown == names


@pytest.mark.parametrize(
    "query",
    [
        *("name=a*&name=b*", "name=a*&name=b", "name=" + "x" * 4097, "&".join(["name=a"] * 101)),
        *("description=" + "x" * 4097, "sort=size", "page=0", "per_page=501"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(admin: Person, query: str) -> None:
    error_of(admin.get(f"{ARTIFACTS}?{query}"), 400)


def test_pages_are_linked_but_not_counted(admin: Person) -> None:
    answer = admin.get(f"{ARTIFACTS}?per_page=2&page=2")
    assert len(answer.json()) == 2
    assert "X-Total-Count" not in answer.headers
    assert [part.split('"')[1] for part in answer.headers["Link"].split(", ")] == [
        *("first", "prev", "next")
    ]
