"""Six devices of which everything is known, searched for in every way."""

from typing import Any

import pytest

from api.carbonblack.errors import Refused
from api.carbonblack.search import devices_found
from api.carbonblack.search.facts import facts_of, read
from api.carbonblack.search.selecting import search_of
from fleet.models import Device, Organization
from query.matching import matches
from tests.api.carbonblack.searched import HERE, REFUSED, ROWS, settle
from tests.make import make_organization


@pytest.fixture
def fleet(db: None) -> Organization:
    organization = make_organization()
    settle(organization)
    return organization


def definition(criteria: dict[str, Any], query: Any) -> dict[str, Any]:
    return {"criteria": criteria, "query": query}


def numbers(text: str) -> list[int]:
    return [int(each) for each in text.split()]


def test_the_database_selects(fleet: Organization) -> None:
    wrong = {}
    for criteria, query, expected in ROWS:
        found = search_of(fleet, definition(criteria, query)).of(fleet)
        ids = list(found.order_by("number").values_list("number", flat=True))
        if ids != numbers(expected):
            wrong[f"{criteria} {query}"] = ids
    assert wrong == {}


def test_the_matcher_in_memory_agrees(fleet: Organization) -> None:
    known = facts_of(fleet.pk, read(Device.objects.of(fleet)).order_by("number"))
    wrong = {}
    for criteria, query, expected in ROWS:
        condition = search_of(fleet, definition(criteria, query)).condition
        ids = [each.device.number for each in known if matches(condition, each.look_up)]
        if ids != numbers(expected):
            wrong[f"{criteria} {query}"] = ids
    assert wrong == {}


def test_what_cannot_be_read_is_refused_with_its_place(fleet: Organization) -> None:
    wrong = {}
    for criteria, query, code, args in REFUSED:
        with pytest.raises(Refused) as refused:
            search_of(fleet, definition(criteria, query))
        if (refused.value.code, refused.value.facts) != (code, args):
            wrong[f"{criteria} {query}"] = (refused.value.code, refused.value.facts)
    assert wrong == {}


@pytest.mark.parametrize("part", ["criteria", "exclusions"])
@pytest.mark.parametrize("nothing", [[], None])
def test_an_emptied_list_does_not_widen_what_is_to_be_changed(
    fleet: Organization, part: str, nothing: list[Any] | None
) -> None:
    with pytest.raises(Refused) as refused:
        devices_found(fleet, {part: {"id": nothing}})
    assert (refused.value.code, refused.value.facts) == (
        "SUS_4014_INVALID_VALUE",
        [f"search_definition.{part}.id"],
    )


def test_what_is_excluded_is_left_out(fleet: Organization) -> None:
    found = devices_found(
        fleet, {"criteria": {"os": "mac"}, "exclusions": {"sensor_version": ["3.7.2.81"]}}
    )
    assert [each.number for each in found] == [101]


def test_everything_live_is_found_by_nothing(fleet: Organization) -> None:
    assert devices_found(fleet, {}).count() == len(HERE) - 1


def test_no_search_leaves_the_organization(fleet: Organization) -> None:
    other = make_organization()
    for criteria, query, _ in ROWS:
        search = search_of(other, definition(criteria, query))
        assert not search.of(other).exists()
