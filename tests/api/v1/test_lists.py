"""What every list of the API does: filters, order, columns, pages, counts."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fleet.models import Device
from query import counting
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import Caller, caller
from tests.make import make_device

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


@pytest.fixture
def person() -> Caller:
    found = caller()
    for index in range(5):
        make_device(found.organization, name=f"d{index}", group="lab" if index % 2 else "")
    return found


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [item["name"] for item in answer.json()["items"]]


def refused(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 400
    found: dict[str, Any] = answer.json()
    return found


def test_a_page_names_those_beside_it(person: Caller) -> None:
    first = person.get("/devices", limit=2, fields="name", sort="-name")
    assert names(first) == ["d4", "d3"]
    assert first.json()["previous"] is None
    second = person.get(first.json()["next"].removeprefix(HOST))
    assert names(second) == ["d2", "d1"]
    third = person.get(second.json()["next"].removeprefix(HOST))
    assert (names(third), third.json()["next"]) == (["d0"], None)
    assert names(person.get(third.json()["previous"].removeprefix(HOST))) == ["d2", "d1"]
    back = person.get(second.json()["previous"].removeprefix(HOST))
    assert (names(back), back.json()["previous"]) == (["d4", "d3"], None)


def test_a_cursor_keeps_to_its_list_and_its_order(person: Caller) -> None:
    cursor = person.get("/devices", limit=2).json()["next"].rpartition("cursor=")[2]
    assert names(person.get("/devices", cursor=cursor)) == ["d2", "d3", "d4"]
    assert names(caller().get("/devices", cursor=cursor)) == []
    for path, parameters in [
        ("/devices", {"sort": "-name", "cursor": cursor}),
        ("/devices", {"cursor": cursor[:-2]}),
        ("/devices", {"cursor": "x"}),
        ("/auth-sets", {"cursor": cursor}),
    ]:
        assert refused(person.get(path, **parameters))["code"] == "invalid_cursor"


def test_conditions_and_parameters_select_together(person: Caller) -> None:
    assert names(person.get("/devices", q="name=gt=d1", group="lab")) == ["d3"]
    assert names(person.get("/devices", name="d1")) == ["d1"]
    found = refused(person.get("/devices", q="name==d1;nmae==x"))
    assert (found["code"], found["position"], found["found"]) == ("invalid_filter", 9, "nmae")
    assert "name" in found["expected"]


def test_columns_are_chosen_by_name(person: Caller) -> None:
    make_device(person.organization, name="e", tags={"a.b": True}, inventory={"mem": 7})
    fields = "tag.a.b,attribute.mem,tag.none,name"
    (item,) = person.get("/devices", fields=fields, q="name==e").json()["items"]
    assert item == {"tag.a.b": True, "attribute.mem": 7, "tag.none": None, "name": "e"}


def test_moments_are_told_to_the_microsecond(person: Caller) -> None:
    Device.objects.update(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    (item,) = person.get("/devices", fields="created_at", limit=1).json()["items"]
    assert item == {"created_at": "2026-01-01T00:00:00.000000Z"}


def test_rows_are_counted_when_asked(person: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def count(**parameters: str) -> Any:
        return person.get("/devices", limit=1, **parameters).json()["count"]

    assert count() is count(count="none") is None
    assert count(count="exact", group="lab") == {"value": 2, "is_exact": True}
    assert count(count="estimate") == {"value": 5, "is_exact": True}
    monkeypatch.setattr(counting, "CAP", 3)
    told = count(count="estimate")
    assert told["value"] >= 3
    assert told["is_exact"] is False
    assert count(count="exact") == {"value": 5, "is_exact": True}


@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [
        ({"nmae": "x"}, "unknown_parameter", "nmae"),
        ({"sort": "nmae"}, "invalid_parameter", "sort"),
        ({"sort": "name,-name"}, "invalid_parameter", "sort"),
        ({"sort": "identity"}, "invalid_parameter", "sort"),
        ({"fields": "name,"}, "invalid_parameter", "fields"),
        ({"fields": "search"}, "invalid_parameter", "fields"),
        ({"limit": "1001"}, "invalid_parameter", "limit"),
        ({"limit": "²"}, "invalid_parameter", "limit"),
        ({"count": "some"}, "invalid_parameter", "count"),
        ({"limit": ["1", "2"]}, "invalid_parameter", "limit"),
    ],
)
def test_what_is_not_understood_is_named(
    person: Caller, parameters: dict[str, Any], code: str, field: str
) -> None:
    found = refused(person.get("/devices", **parameters))
    assert (found["code"], found["field"]) == (code, field)


def test_what_is_near_is_said(person: Caller) -> None:
    assert "did you mean name" in refused(person.get("/devices", sort="nmae"))["detail"]
    assert "did you mean limit" in refused(person.get("/devices", limti="1"))["detail"]


def test_bounds_hold_for_pages_counts_and_tables(person: Caller) -> None:
    narrow = bounded(person.organization, "ReadDevices", "DeviceGroups", "lab")
    told = narrow.get("/devices", count="exact")
    assert names(told) == ["d1", "d3"]
    assert told.json()["count"]["value"] == 2
    content = narrow.get("/devices", format="csv", fields="name").streaming_content  # type: ignore[attr-defined]
    assert b"".join(content) == b"name\nd1\nd3\n"
    assert names(narrow.get("/devices", q="name==d0")) == []


def test_a_page_is_one_query_however_long(
    person: Caller, django_assert_max_num_queries: Any
) -> None:
    # Who calls (three), then how to plan, the page, and the transaction's two ends.
    for limit in (1, 5):
        with django_assert_max_num_queries(7):
            person.get("/devices", limit=limit)
