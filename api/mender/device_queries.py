"""What a caller asks of a list of devices: by query in version 1, by body in version 2."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from api.json_bodies import member
from api.mender.ids import uuid_of
from api.paging import DEFAULT_SIZE, MAX_SIZE, Page
from fleet.errors import Invalid
from fleet.filters import COLUMNS, MOST_TERMS, SCOPES, check_field, condition_of, filter_of
from fleet.models.device import DeviceQuerySet
from fleet.searching import Order, containing
from query.tree import All, Comparison, Condition, Exists, Field, Not, Operator, Some

PLAIN = {"page", "per_page", "sort", "group", "has_group"}
GROUP: Field = ("system", "group")
MOST_ORDERS = 10
MOST_IDS = 10_000
DIRECTIONS = {"asc": False, "desc": True}


@dataclass(frozen=True, slots=True)
class DeviceQuery:
    """`shown` are the attributes to be shown, all of them if there are none."""

    conditions: Sequence[Condition] = ()
    orders: Sequence[Order] = ()
    shown: frozenset[Field] = field(default_factory=frozenset)
    ids: Sequence[object] | None = None
    text: str = ""

    def narrow(self, devices: DeviceQuerySet) -> DeviceQuerySet:
        """Raises Invalid("filter_invalid")."""
        if self.conditions:
            devices = devices.filter(filter_of(All(tuple(self.conditions))))
        if self.ids is not None:
            devices = devices.filter(id__in={uuid_of(id_) for id_ in self.ids})
        return devices.filter(containing(self.text)) if self.text else devices


def read_query(query: QueryDict) -> DeviceQuery:
    """`group`, `has_group`, `sort`, and any `attribute=value` or `scope/attribute=value`.

    A value may be spelt `eq:value`; what looks like a number may be one. Raises
    Invalid("invalid_query"), Invalid("filter_invalid").
    """
    conditions: list[Condition] = []
    for name, values in query.lists():
        if name not in PLAIN:
            conditions += [_equal(_field(name), value.removeprefix("eq:")) for value in values]
    if group := query.get("group"):
        conditions.append(Comparison(GROUP, Operator.EQUAL, group.removeprefix("eq:")))
    if has_group := query.get("has_group"):
        if has_group not in {"true", "false"}:
            raise _refused("has_group: must be true or false", "has_group")
        conditions.append(Exists(GROUP) if has_group == "true" else Not(Exists(GROUP)))
    if len(conditions) > MOST_TERMS:
        raise _refused(f"at most {MOST_TERMS} filters", "filters")
    return DeviceQuery(conditions, _orders_of_query(query.get("sort", "")))


def read_search(body: dict[str, Any]) -> tuple[Page, DeviceQuery]:
    """Source: the inventory service of the Mender server, SearchParams."""
    page = Page(_whole(body, "page", 1, 10**9), _whole(body, "per_page", DEFAULT_SIZE, MAX_SIZE))
    ids = member(body, "device_ids")
    if ids is not None and (not isinstance(ids, list) or len(ids) > MOST_IDS):
        raise _refused(f"device_ids: a list of at most {MOST_IDS} ids is wanted", "device_ids")
    text = member(body, "text") or ""
    if not isinstance(text, str) or len(text) > 256:
        raise _refused("text: a text of at most 256 characters is wanted", "text")
    query = DeviceQuery(
        condition_of([_lowered(term) for term in _objects(body, "filters", MOST_TERMS)]).parts,
        [_order(each) for each in _objects(body, "sort", MOST_ORDERS)],
        frozenset(_named(each) for each in _objects(body, "attributes", MOST_IDS)),
        ids or None,
        text.strip(),
    )
    return page, query


def read_terms(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [_lowered(term) for term in _objects(body, "terms", MOST_TERMS)]


def _lowered(term: dict[str, Any]) -> dict[str, Any]:
    return {name: member(term, name) for name in ("scope", "attribute", "type", "value")}


def _objects(body: dict[str, Any], name: str, most: int) -> list[dict[str, Any]]:
    found = member(body, name, [])
    found = [] if found is None else found
    is_list = isinstance(found, list) and len(found) <= most
    if not is_list or not all(isinstance(item, dict) for item in found):
        raise _refused(f"{name}: a list of at most {most} objects is wanted", name)
    return list(found)


def _whole(body: dict[str, Any], name: str, default: int, most: int) -> int:
    value = member(body, name)
    if value is None or value == 0:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise _refused(f"{name}: a whole number from 1 to {most} is wanted", name)
    return value


def _named(item: dict[str, Any]) -> Field:
    return check_field(member(item, "scope"), member(item, "attribute"))


def _order(item: dict[str, Any]) -> Order:
    direction = member(item, "order") or "asc"
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        raise _refused("order: must be asc or desc", "sort")
    return Order(_named(item), DIRECTIONS[direction])


def _orders_of_query(text: str) -> list[Order]:
    if not text:
        return []
    name, _, direction = text.rpartition(":")
    if direction not in DIRECTIONS:
        name, direction = text, "asc"
    return [Order(_field(name), DIRECTIONS[direction])]


def _field(name: str) -> Field:
    """`scope/attribute`; without a scope it is one that the device told."""
    scope, slash, rest = name.partition("/")
    return check_field(*(scope, rest) if slash and scope in SCOPES else ("inventory", name))


def _equal(field_: Field, value: str) -> Condition:
    as_text = Comparison(field_, Operator.EQUAL, value)
    try:
        number = float(value)
    except ValueError:
        return as_text
    if not math.isfinite(number) or field_ in COLUMNS:
        return as_text
    return Some((as_text, Comparison(field_, Operator.EQUAL, number)))


def _refused(message: str, name: str) -> Invalid:
    return Invalid("invalid_query", message, field=name)
