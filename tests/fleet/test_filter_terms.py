"""Which terms there are, and what they mean where the value has a column of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from fleet.errors import Invalid
from fleet.filters import check_terms, matching
from fleet.models import Organization
from tests.make import make_device, make_organization


def chosen(home: Organization, scope: str, attribute: str, kind: str, value: Any) -> list[str]:
    term = {"scope": scope, "attribute": attribute, "type": kind, "value": value}
    return list(matching(home, [term]).order_by("number").values_list("name", flat=True))


@pytest.mark.django_db
class TestColumns:
    def test_groups_states_and_ids(self):
        home = make_organization()
        one = make_device(home, name="one", group="lab")
        make_device(home, name="two", status="pending")
        assert chosen(home, "system", "group", "$eq", "lab") == ["one"]
        assert chosen(home, "system", "group", "$ne", "lab") == ["two"]
        assert chosen(home, "system", "group", "$exists", "false") == ["two"]
        assert chosen(home, "system", "group", "$regex", "^l.b$") == ["one"]
        assert chosen(home, "system", "group", "$gt", "LAB") == ["one"]
        assert chosen(home, "system", "group", "$gt", 5) == []
        assert chosen(home, "identity", "status", "$in", ["pending", "noauth"]) == ["two"]
        assert chosen(home, "identity", "id", "$eq", str(one.id)) == ["one"]
        assert chosen(home, "identity", "id", "$nin", [str(one.id), "x"]) == ["two"]
        assert chosen(home, "identity", "id", "$eq", [str(one.id)]) == []

    def test_times_are_compared_to_the_millisecond_as_they_are_shown(self):
        home = make_organization()
        moment = datetime(2026, 5, 4, 3, 2, 1, 123456, UTC)
        make_device(home, name="then", created_at=moment, updated_at=moment)
        shown = "2026-05-04T03:02:01.123Z"
        for kind, finds in [("$eq", 1), ("$gte", 1), ("$lte", 1), ("$gt", 0), ("$lt", 0)]:
            for name in ["created_ts", "updated_ts"]:
                assert len(chosen(home, "system", name, kind, shown)) == finds, kind
        assert chosen(home, "system", "created_ts", "$gt", "2026-05-04") == ["then"]
        assert chosen(home, "system", "created_ts", "$in", [shown, "2020-01-01"]) == ["then"]
        assert chosen(home, "system", "created_ts", "$lt", "2026-05-04T05:02:02+02:00") == ["then"]
        assert chosen(home, "system", "created_ts", "$lte", "9999-12-31T23:59:59.9999Z") == ["then"]

    def test_who_never_called_is_offline(self):
        home = make_organization()
        now = timezone.now()
        for name, seen_at in [("never", None), ("old", now - timedelta(days=9)), ("new", now)]:
            make_device(home, name=name, seen_at=seen_at)
        since = (now - timedelta(days=1)).isoformat()
        assert chosen(home, "system", "check_in_time", "$ltne", since) == ["never", "old"]
        assert chosen(home, "system", "check_in_time", "$lt", since) == ["old"]
        assert chosen(home, "system", "check_in_time", "$exists", "true") == ["old", "new"]

    def test_whether_monitors_are_in_alarm(self):
        home = make_organization()
        for name, alerts in [("ill", True), ("well", False)]:
            device = make_device(home, name=name, inventory={"a": "b"})
            device.inventory.attributes["monitor"] = {"alerts": alerts, "alert_count": 1}
            device.inventory.save()
        make_device(home, name="unwatched")
        assert chosen(home, "monitor", "alerts", "$eq", value=True) == ["ill"]
        assert chosen(home, "monitor", "alerts", "$ne", value=True) == ["well", "unwatched"]
        assert chosen(home, "monitor", "alerts", "$exists", value=True) == ["ill", "well"]
        assert chosen(home, "monitor", "alert_count", "$eq", value=True) == []

    def test_one_device_is_asked_about_cheaply(self, django_assert_num_queries):
        home = make_organization()
        device = make_device(home, inventory={"color": "red"})
        terms = [{"scope": "inventory", "attribute": "color", "type": "$eq", "value": "red"}]
        with django_assert_num_queries(1):
            assert matching(home, terms).filter(number=device.number).exists()
        assert not matching(make_organization(), terms).exists()


BAD = [
    {"scope": "nowhere"},
    {"scope": None},
    {"scope": ["inventory"]},
    {"attribute": ""},
    {"attribute": 5},
    {"attribute": "a\0"},
    {"attribute": "a" * 1025},
    {"type": "$type"},
    {"type": ["$eq"]},
    {"value": None},
    {"value": {"a": 1}},
    {"type": "$gt", "value": True},
    {"value": ["a", 1]},
    {"value": "\ud800"},
    {"value": float("nan")},
    {"type": "$in", "value": "a"},
    {"type": "$in", "value": ["a"] * 501},
    {"type": "$gt", "value": ["a"]},
    {"type": "$exists", "value": "maybe"},
    {"type": "$regex", "value": 5},
    {"type": "$regex", "value": "("},
    {"type": "$regex", "value": "a" * 257},
    {"scope": "identity", "attribute": "status", "type": "$regex", "value": "("},
    {"scope": "identity", "attribute": "id", "type": "$gt", "value": "a"},
    {"scope": "system", "attribute": "created_ts", "type": "$gt", "value": "yesterday"},
    {"scope": "system", "attribute": "created_ts", "type": "$gt", "value": 5},
    {"scope": "system", "attribute": "created_ts", "type": "$regex", "value": "^2026"},
]


@pytest.mark.parametrize("change", BAD, ids=str)
def test_a_term_that_cannot_be_asked_is_refused(change):
    term = {"scope": "inventory", "attribute": "a", "type": "$eq", "value": "b"}
    check_terms([term])
    with pytest.raises(Invalid):
        check_terms([term | change])


@pytest.mark.parametrize("terms", [None, {}, ["a"], [{}] * 101])
def test_terms_are_a_list_of_objects(terms):
    with pytest.raises(Invalid):
        check_terms(terms)


def test_all_lists_together_have_an_end():
    term = {"scope": "inventory", "attribute": "a", "type": "$in", "value": ["b"] * 500}
    check_terms([term] * 10)
    with pytest.raises(Invalid):
        check_terms([term] * 11)
