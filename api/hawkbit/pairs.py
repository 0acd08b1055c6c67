"""Lists of metadata, which are few and come out of one row: selected and sorted in memory."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from api.hawkbit.lists import page_of, paged
from api.hawkbit.requests import Call
from api.hawkbit.selecting import order_of, read_condition
from query.declaring import text
from query.listing import Listing
from query.matching import MISSING, matches
from query.searching import folded
from query.tree import Field

METADATA = Listing("metadata", (text("key", ""), text("value", "")), sort=("key",))


def listed_pairs(call: Call, pairs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The page that the call asks for, of `{key, value}` and whatever else; raises Refused."""
    condition = read_condition(call, METADATA)
    found = [pair for pair in pairs if condition is None or matches(condition, _look_up_of(pair))]
    for name in reversed(order_of(call.GET.get("sort", ""), METADATA)):
        found.sort(key=itemgetter(name.removeprefix("-")), reverse=name.startswith("-"))
    limit, offset = page_of(call.GET)
    return paged(found[offset : offset + limit], len(found))


def _look_up_of(pair: dict[str, Any]) -> Callable[[Field], object]:
    def look_up(field: Field) -> object:
        return folded(str(pair[field[0]])) or MISSING

    return look_up
