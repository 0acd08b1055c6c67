"""Free settings, which two writers do not take from each other."""

from typing import Any

import pytest

from auditlog.models import AuditEntry
from fleet.models import Organization, Role
from tests.api.mender.callers import Person, error_of, person

PATHS = ["v1/useradm/settings", "v1/useradm/settings/me"]
VALUES = {"columns": ["id", {"name": "ü"}], "retries": 3, "share": 0.5, "none": None, "far": 1e20}


@pytest.mark.parametrize("path", PATHS, ids=["all", "mine"])
def test_they_come_back_as_they_were_kept(admin: Person, path: str) -> None:
    assert admin.get(path).json() == {}
    kept = admin.post(path, VALUES)
    assert (kept.status_code, kept.content) == (201, b"")
    shown = admin.get(path)
    assert shown.json() == VALUES
    assert shown.headers["ETag"] == kept.headers["ETag"]
    assert admin.post(path, {}).status_code == 201
    assert admin.get(path).json() == {}


@pytest.mark.parametrize("path", PATHS, ids=["all", "mine"])
@pytest.mark.parametrize("spelt", ["{}", "W/{}", "bare"], ids=["strong", "weak", "bare"])
def test_of_two_who_read_the_same_only_one_writes(admin: Person, path: str, spelt: str) -> None:
    tag = admin.get(path).headers["ETag"]
    tag = tag.strip('"') if spelt == "bare" else spelt.format(tag)
    assert admin.post(path, {"mine": 1}, If_Match=tag).status_code == 201
    error_of(admin.post(path, {"theirs": 1}, If_Match=tag), 412)
    assert admin.get(path).json() == {"mine": 1}
    assert admin.post(path, {"theirs": 1}, If_Match="*").status_code == 201


@pytest.mark.parametrize("path", PATHS, ids=["all", "mine"])
@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        b"{",
        b'{"x": NaN}',
        {"k" * 129: 1},
        {"x": {"k" * 129: 1}},
        {"x": "v" * 4097},
        {"x": [["v" * 4097]]},
        {str(number): number for number in range(1025)},
        {"x": [{str(number): 1} for number in range(1024)]},
    ],
)
def test_there_are_limits(admin: Person, path: str, body: Any) -> None:
    error_of(admin.post(path, body), 400)
    assert admin.get(path).json() == {}


@pytest.mark.parametrize("path", PATHS, ids=["all", "mine"])
def test_what_is_just_within_them_is_kept(admin: Person, path: str) -> None:
    values: Any = {str(number): number for number in range(1023)} | {"k" * 128: "v" * 4096}
    assert admin.post(path, values).status_code == 201
    assert admin.get(path).json() == values


def test_one_s_own_are_one_s_own(admin: Person, organization: Organization) -> None:
    viewer = person(organization, Role.VIEWER)
    assert viewer.post(PATHS[1], {"theme": "dark"}).status_code == 201
    assert admin.get(PATHS[1]).json() == {}
    error_of(viewer.post(PATHS[0], {}), 403)
    admin.post(PATHS[0], {"retries": 1})
    assert viewer.get(PATHS[0]).json() == {"retries": 1}


def test_a_change_for_all_is_written_down(admin: Person) -> None:
    for values in ({"a": 1, "b": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2}):
        admin.post(PATHS[0], values)
    told = AuditEntry.objects.filter(object_kind="organization").order_by("id")
    assert [entry.change for entry in told] == [{"settings": ["a", "b"]}, {"settings": ["b"]}]
