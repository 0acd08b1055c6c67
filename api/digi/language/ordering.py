"""In which order the jobs of a list come: `orderby`.

Upwards, a field of devices orders jobs by the least value among their targets, downwards by the
most; jobs without any come last.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateTimeField, F, FloatField, Max, Min, TextField
from django.utils import timezone

from api.digi.language import jobs
from api.digi.language.by_job import ByJob, Found
from api.digi.language.devices import DeviceFields
from api.digi.language.errors import QueryError
from api.digi.language.fields import DEVICE_FIELDS, Field
from api.digi.language.meaning import field_named
from api.digi.language.version_order import VersionOrder
from api.digi.language.words import Kind
from artifacts.versions import versions_of
from fleet.models import Device, Organization
from query.comparisons import CodePoints
from query.ordering import MOST, Order, Ordering
from query.searching import Folded, folded

_WORD = re.compile(r"[^ \t\r\n]+")
_WAYS = {"asc": False, "desc": True}
_UNORDERED = frozenset({Kind.GROUP, Kind.TAGS})


@dataclass(frozen=True, slots=True)
class _Asked:
    field: Field
    is_descending: bool


def order_keys(organization: Organization, text: str, now: datetime | None = None) -> Ordering:
    """The order that the text says, newest first if it is blank, ended by the job's number.

    Each field goes down unless it says "asc". Raises QueryError.
    """
    asked = list(_read(text)) if text.strip() else []
    fields = DeviceFields(organization, now or timezone.now())
    orders = [
        _of_device(fields, each) if each.field.name in DEVICE_FIELDS else _of_job(each)
        for each in asked
        if each.field.kind != Kind.ID
    ]
    numbered = [each for each in asked if each.field.kind == Kind.ID]
    if not numbered:
        orders.append(Order(F("number"), asked[0].is_descending if asked else True))
        return tuple(orders)
    # Whatever stands behind the number decides nothing any more.
    before = asked.index(numbered[0])
    return (*orders[:before], Order(F("number"), numbered[0].is_descending))


def _read(text: str) -> Iterator[_Asked]:
    at, seen = 0, set[str]()
    for number, part in enumerate(text.split(",")):
        words = list(_WORD.finditer(part))
        if not words:
            raise _wrong(at + len(part), text[at + len(part) :][:1], "a field")
        field = field_named(words[0][0], at + words[0].start(), parameter="orderby")
        if field.kind in _UNORDERED:
            raise _wrong(at + words[0].start(), words[0][0], "a field that has one value")
        if field.name in seen or number == MOST:
            raise _wrong(at + words[0].start(), words[0][0], f"each field once, {MOST} at most")
        yield _Asked(field, _goes_down(words[1:], at))
        seen.add(field.name)
        at += len(part) + 1


def _goes_down(words: list[re.Match[str]], at: int) -> bool:
    if not words:
        return True
    way = _WAYS.get(folded(words[0][0]))
    if way is None:
        raise _wrong(at + words[0].start(), words[0][0], "“asc”", "“desc”", "“,”")
    if words[1:]:
        raise _wrong(at + words[1].start(), words[1][0], "“,”", "the end")
    return way


def _wrong(at: int, found: str, *expected: str) -> QueryError:
    return QueryError(at, found, *expected, parameter="orderby")


def _of_job(asked: _Asked) -> Order:
    name = asked.field.name
    key = _comparable(asked.field.kind, jobs.expression(name))
    return Order(key, asked.is_descending, is_nullable=name in {"start_time", "complete_time"})


def _of_device(fields: DeviceFields, asked: _Asked) -> Order:
    organization, value = fields.organization, fields.expression(asked.field.name)
    if asked.field.kind == Kind.VERSION:
        devices = Device.objects.of(organization)
        key: Any = VersionOrder(value, versions_of(organization.pk, devices))
    else:
        key = _comparable(asked.field.kind, value)
    found = ByJob(_found(organization, key, asked), _kept(asked.field.kind))
    return Order(found, asked.is_descending, is_nullable=True)


def _found(organization: Organization, key: Any, asked: _Asked) -> dict[int, Found]:
    """By the number of each job: found once, for an order asks for it in several places."""
    targets = Device.objects.of(organization).filter(device_deployments__isnull=False).order_by()
    end = Max(key) if asked.is_descending else Min(key)
    ends = targets.values_list("device_deployments__deployment").annotate(end=end)
    return dict(ends.filter(end__isnull=False))


def _kept(kind: Kind) -> "FloatField[Any, Any] | DateTimeField[Any, Any] | TextField[Any, Any]":
    match kind:
        case Kind.NUMERIC:
            return FloatField()
        case Kind.TIMESTAMP:
            return DateTimeField()
        case _:
            return TextField()


def _comparable(kind: Kind, value: Any) -> Any:
    match kind:
        case Kind.TEXT:
            return Folded(value)
        case Kind.ENUMERATED:
            return CodePoints(value)
        case _:
            return value
