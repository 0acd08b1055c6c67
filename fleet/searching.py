"""Pages of devices, sorted by any attributes, with the number of all that were found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, OrderBy, Q
from django.db.models.expressions import Expression

from fleet.filters import target_of
from fleet.models import Device
from fleet.models.device import DeviceQuerySet
from query.planning import planned_for_its_values
from query.tree import Field

# So many are found, sorted and counted in one go.
FEW = 1_000
FAR = 1_000


@dataclass(frozen=True, slots=True)
class Order:
    """By the attribute of (scope, name); texts come before numbers, going up."""

    field: Field
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page: its devices with `inventory` and `contact`, and how many there are in all."""

    devices: list[Device]
    total: int
    has_more: bool


def search(
    devices: DeviceQuerySet, *, orders: Sequence[Order] = (), offset: int = 0, limit: int = 20
) -> Found:
    """The devices from `offset` on, in the order asked for.

    What lacks the first attribute, or has a list there, comes last whichever way the order
    goes; what is equal, and everything without an order, in the order of becoming known.
    """
    with planned_for_its_values():
        if not orders and _is_narrowed(devices):
            numbers = list(devices.order_by().values_list("number", flat=True)[: FEW + 1])
            if len(numbers) <= FEW:
                return _among(sorted(numbers), offset, limit)
        total = devices.count()
        if offset >= total:
            page: list[Device] = []
        elif orders:
            page = _in_order(devices, orders, offset, limit + 1)
        else:
            page = _page(devices.order_by("number"), offset, limit + 1)
    return Found(page[:limit], total, has_more=len(page) > limit)


def _is_narrowed(devices: DeviceQuerySet) -> bool:
    """By more than a column: to find a page and to count then takes as long as to find all."""
    return "fleet_inventory" in devices.query.alias_map


def _among(numbers: Sequence[int], offset: int, limit: int) -> Found:
    page = _known(numbers[offset : offset + limit])
    return Found(page, len(numbers), has_more=len(numbers) > offset + limit)


def _page(devices: DeviceQuerySet, offset: int, limit: int) -> list[Device]:
    """Far down the list the rows to skip are told apart by their numbers alone."""
    if offset < FAR:
        return list(devices.select_related("inventory", "contact")[offset : offset + limit])
    numbers = list(devices.values_list("number", flat=True)[offset : offset + limit])
    return _known(numbers)


def _known(numbers: Sequence[int]) -> list[Device]:
    rows = Device.objects.select_related("inventory", "contact").in_bulk(numbers)
    return [rows[number] for number in numbers if number in rows]


def _in_order(
    devices: DeviceQuerySet, orders: Sequence[Order], offset: int, limit: int
) -> list[Device]:
    """First what can be sorted, which an index may give in order; then the rest."""
    sortable = devices.filter(target_of(orders[0].field).has_key())
    page = _page(sortable.order_by(*_keys(orders)), offset, limit)
    if len(page) == limit:
        return page
    others = devices.exclude(pk__in=sortable.values("pk"))
    begin = max(0, offset - sortable.count())
    rest = others.order_by(*_keys(orders[1:]), "number")
    return page + _page(rest, begin, limit - len(page))


def _keys(orders: Sequence[Order]) -> list[OrderBy]:
    keys = [
        _directed(key, is_descending=order.is_descending)
        for order in orders
        for key in target_of(order.field).sort_keys()
    ]
    if orders:
        keys.append(OrderBy(F("number"), descending=orders[0].is_descending))
    return keys


def _directed(key: Expression | F, *, is_descending: bool) -> OrderBy:
    """As an index has it, from either end."""
    return OrderBy(
        key,
        descending=is_descending,
        nulls_first=None if is_descending else True,
        nulls_last=True if is_descending else None,
    )


def containing(text: str) -> Q:
    """What has the text, in any case, in its id, its identity or its inventory."""
    # As it stands within JSON; SQLite keeps that in ASCII.
    spelt = json.dumps(text, ensure_ascii=connection.vendor == "sqlite")[1:-1]
    found = Q(identity__icontains=spelt) | Q(inventory__attributes__icontains=spelt)
    return found | Q(id__startswith=text) | Q(name__icontains=text)
