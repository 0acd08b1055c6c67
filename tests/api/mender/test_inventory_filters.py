"""The list of devices narrowed down and sorted by its address."""

import pytest

from fleet.models import Device, Organization
from tests.api.mender.callers import Person, error_of
from tests.make import make_device

DEVICES = "v1/inventory/devices"


@pytest.fixture
def names(organization: Organization) -> dict[str, str]:
    devices = [
        make_device(organization, name="one", inventory={"size": 5, "mac": "0:1"}, group="lab"),
        make_device(organization, name="two", inventory={"size": "5"}, tags={"qa": "true"}),
        make_device(organization, name="three", inventory={"size": [4, 5], "a/b": "c"}),
    ]
    return {str(device.id): device.name for device in devices}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("size=5", ["one", "two", "three"]),
        ("size=4.0", ["three"]),
        ("size=eq:5&group=lab", ["one"]),
        ("mac=0:1", ["one"]),
        ("tags/qa=true", ["two"]),
        ("qa=true", []),
        ("a/b=c", ["three"]),
        ("identity/status=accepted&system/group=eq:lab", ["one"]),
        ("has_group=false", ["two", "three"]),
        ("size=5&size=4", ["three"]),
        ("sort=size", ["two", "one", "three"]),
        ("sort=tags/qa:desc", ["two", "one", "three"]),
        ("sort=system/created_ts:desc", ["three", "two", "one"]),
        ("sort=x:y", ["one", "two", "three"]),
    ],
)
def test_devices_are_narrowed_down(
    admin: Person, names: dict[str, str], query: str, found: list[str]
) -> None:
    answer = admin.get(f"{DEVICES}?{query}")
    assert [names[each["id"]] for each in answer.json()] == found
    assert answer.headers["X-Total-Count"] == str(len(found))


def test_the_links_keep_what_was_asked(admin: Person, names: dict[str, str]) -> None:
    answer = admin.get(f"{DEVICES}?size=5&sort=size:desc&per_page=1&page=2")
    assert [names[each["id"]] for each in answer.json()] == ["two"]
    assert "size=5&sort=size%3Adesc&page=3&per_page=1" in answer.headers["Link"]


@pytest.mark.parametrize(
    "query",
    [
        "has_group=maybe",
        "page=0",
        "system/created_ts=5",
        "=5",
        "tags/=5",
        "sort=:asc",
        "&".join(f"a{number}=b" for number in range(101)),
    ],
)
def test_what_cannot_be_asked_is_refused(admin: Person, query: str) -> None:
    error_of(admin.get(f"{DEVICES}?{query}"), 400)


def test_what_a_device_told_is_forgotten(admin: Person, organization: Organization) -> None:
    device = make_device(organization, device_type="board", tags={"qa": "1"}, group="lab")
    path = f"{DEVICES}/{device.id}"
    for _ in range(2):
        assert admin.delete(path).status_code == 204
    scopes = {each["scope"] for each in admin.get(path).json()["attributes"]}
    assert scopes == {"identity", "system", "tags"}
    assert Device.objects.get().device_type == ""
    error_of(admin.delete(f"{DEVICES}/none"), 404)
