"""Devices are found by what is known of them."""

from typing import Any

import pytest

from fleet.models import Organization
from fleet.states import Admission
from tests.api.mender.callers import Person, error_of
from tests.make import make_auth_set, make_device

SEARCH = "v2/inventory/filters/search"
DEVICES = "v1/inventory/devices"


def term(attribute: str, value: Any, kind: str = "$eq", scope: str = "inventory") -> dict[str, Any]:
    return {"scope": scope, "attribute": attribute, "type": kind, "value": value}


@pytest.fixture
def fleet(organization: Organization) -> dict[str, str]:
    """Three devices of ours; the id of each by its colour."""
    told = {"red": 1, "green": 2, "blue": 10}
    return {
        str(
            make_device(
                organization, inventory={"color": color, "size": size}, tags={"site": f"s{size}"}
            ).id
        ): color
        for color, size in told.items()
    }


def colors(fleet: dict[str, str], answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    found = [fleet[each["id"]] for each in answer.json()]
    assert int(answer.headers["X-Total-Count"]) >= len(found)
    return found


def test_all_terms_hold_of_what_is_found(admin: Person, fleet: dict[str, str]) -> None:
    def found(*terms: dict[str, Any]) -> list[str]:
        return colors(fleet, admin.post(SEARCH, {"filters": list(terms)}))

    assert found() == ["red", "green", "blue"]
    assert found(term("color", "red")) == ["red"]
    assert found(term("color", "red"), term("size", 1, "$gt")) == []
    assert found(term("size", 1, "$gt"), term("color", "^b", "$regex")) == ["blue"]
    assert found(term("site", ["s1", "s2"], "$in", "tags")) == ["red", "green"]
    assert found(term("status", "accepted", scope="identity"), term("size", "1")) == []
    assert found(term("size", 1, "$ne"), term("none", kind="$exists", value=False)) == [
        "green",
        "blue",
    ]


def test_what_is_found_comes_in_order_in_pages_and_in_part(
    admin: Person, fleet: dict[str, str]
) -> None:
    size = {"scope": "inventory", "attribute": "size"}
    body = {"sort": [size | {"order": "desc"}], "per_page": 2, "attributes": [size]}
    answer = admin.post(SEARCH, body)
    assert colors(fleet, answer) == ["blue", "green"]
    assert answer.headers["X-Total-Count"] == "3"
    assert answer.json()[0]["attributes"][0].items() >= {"name": "size", "value": 10}.items()
    assert len(answer.json()[0]["attributes"]) == 1
    assert colors(fleet, admin.post(SEARCH, body | {"page": 2})) == ["red"]


def test_ids_and_text_narrow_too(admin: Person, fleet: dict[str, str]) -> None:
    first, *_others = fleet
    assert colors(fleet, admin.post(SEARCH, {"device_ids": [first, "none", 5]})) == ["red"]
    assert colors(fleet, admin.post(SEARCH, {"text": "gREen"})) == ["green"]
    assert colors(fleet, admin.post(SEARCH, {"text": first[:13]})) == ["red"]
    assert colors(fleet, admin.post(SEARCH, {"text": "100%"})) == []


@pytest.mark.parametrize("text", ["Zürich", "“here”", 'a "b"', "c\\d"])
def test_any_text_is_found(admin: Person, organization: Organization, text: str) -> None:
    device = make_device(organization, inventory={"site": f"in {text} now"})
    assert [each["id"] for each in admin.post(SEARCH, {"text": text}).json()] == [str(device.id)]


@pytest.mark.parametrize(
    "body",
    [
        {"page": -1},
        {"page": "1"},
        {"page": 2**70},
        {"per_page": 501},
        {"per_page": 1.5},
        {"filters": {}},
        {"filters": [1]},
        {"filters": [{}]},
        {"filters": [term("a", "b", "$type")]},
        {"filters": [term("a", "b", scope="nowhere")]},
        {"filters": [{"scope": "tags", "attribute": "a", "type": "$eq"}]},
        {"filters": [term("a", "(", "$regex")]},
        {"filters": [term("a", "b")] * 101},
        {"sort": [{"scope": "nowhere", "attribute": "a"}]},
        {"sort": [{"scope": "tags", "attribute": "a", "order": "up"}]},
        {"attributes": [{"scope": "nowhere", "attribute": "a"}]},
        {"device_ids": "a"},
        {"text": 5},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused(admin: Person, body: Any) -> None:
    error_of(admin.post(SEARCH, body), 400)


@pytest.mark.parametrize("value", ["x" * 5000, 10**18, -(2**63), 2**64 - 1, 1e308, "'%s\\\"é"])
def test_no_value_is_too_much(admin: Person, fleet: dict[str, str], value: Any) -> None:
    for kind in ["$eq", "$gt", "$lte"]:
        assert admin.post(SEARCH, {"filters": [term("size", value, kind)]}).status_code == 200
    odd = {"filters": [term(str(value)[:1024], "a")], "sort": [{"scope": "tags", "attribute": "'"}]}
    assert admin.post(SEARCH, odd).json() == []


def test_attributes_in_use_are_counted(admin: Person, fleet: dict[str, str]) -> None:
    shown = admin.get("v2/inventory/filters/attributes").json()
    counts = {(each["scope"], each["name"]): each["count"] for each in shown}
    assert counts["inventory", "color"] == counts["tags", "site"] == 3
    assert counts["identity", "mac"] == counts["identity", "status"] == 3
    assert counts["system", "created_ts"] == 3
    assert ("system", "group") not in counts
    assert [each["count"] for each in shown] == sorted(counts.values(), reverse=True)


def test_devices_are_counted_by_status_and_tier(admin: Person, organization: Organization) -> None:
    none = {"standard": 0, "micro": 0, "system": 0}
    path = "v2/inventory/statistics"
    assert admin.get(path).json() == {"devices_by_status": {"accepted": none, "pending": none}}
    device = make_device(organization)
    make_auth_set(device, status=Admission.PENDING)
    make_device(organization).auth_sets.update(tier="micro")
    make_device(organization, status=Admission.PENDING).auth_sets.update(tier="system")
    assert admin.get(path).json()["devices_by_status"] == {
        "accepted": none | {"standard": 1, "micro": 1},
        "pending": none | {"system": 1},
    }
