"""Places in an order as opaque text: only we make it, and it fits the order it was made for."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class InvalidCursor(Exception):
    """Not a cursor that was made here, for this order of this list."""


@dataclass(frozen=True, slots=True)
class Place:
    """Beside the row with these values of its order; `is_back` looks from there to the start.

    The row itself counts as well if `is_inclusive`.
    """

    values: tuple[Any, ...]
    is_back: bool = False
    is_inclusive: bool = False


def cursor_of(place: Place, bound_to: str) -> str:
    """The place as text, in letters that need no escaping in an address."""
    told = [place.is_back, place.is_inclusive, [_packed(value) for value in place.values]]
    spelt = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return _signer(bound_to).sign(urlsafe_b64encode(spelt).rstrip(b"=").decode())


def place_of(cursor: str, bound_to: str) -> Place:
    """What `cursor_of` was given; raises InvalidCursor."""
    try:
        text = _signer(bound_to).unsign(cursor)
        told = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        is_back, is_inclusive, values = told
    except (BadSignature, ValueError) as error:
        raise InvalidCursor from error
    return Place(tuple(map(_unpacked, values)), is_back, is_inclusive)


def _signer(bound_to: str) -> Signer:
    return Signer(sep=".", salt=f"query.cursors {bound_to}")


PACKED: dict[type, tuple[str, Callable[[Any], object]]] = {
    datetime: ("moment", lambda moment: (moment - EPOCH) // MICROSECOND),
    UUID: ("uuid", str),
    Decimal: ("decimal", str),
}
UNPACKED: dict[str, Callable[[Any], object]] = {
    "moment": lambda count: EPOCH + count * MICROSECOND,
    "uuid": UUID,
    "decimal": Decimal,
}


def _packed(value: Any) -> Any:
    if type(value) not in PACKED:
        return value
    kind, pack = PACKED[type(value)]
    return {kind: pack(value)}


def _unpacked(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, packed),) = value.items()
    return UNPACKED[kind](packed)
