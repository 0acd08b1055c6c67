"""Bodies of the device API: JSON or CBOR, in and out."""

from typing import Any

import cbor2
import orjson
from django.http import HttpRequest

from api.hawkbit.errors import before, not_readable
from api.hawkbit.negotiation import CBOR, HAL, JSON, acceptable
from api.json_bodies import decode_mended, encode
from fleet.errors import Invalid

OFFERED = (HAL, JSON, CBOR)
# Members and items of a body, and characters in them: what CBOR shares, JSON repeats.
MOST_VALUES = 10_000
LONGEST = 4 * 1024 * 1024


def media_type_for(accept: str) -> str:
    """What to answer in; raises Refused (406)."""
    return acceptable(accept, OFFERED)


def encoded(data: Any, media_type: str) -> bytes:
    return cbor2.dumps(data) if media_type == CBOR else encode(data)


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The body as an object, its texts mended; raises Refused (400 notReadable, 415).

    HAL is told and not taken (hawkBit).
    """
    media_type = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type not in {JSON, CBOR}:
        raise before(415)
    raw = _as_json(request.body) if media_type == CBOR else request.body
    try:
        body = decode_mended(raw)
    except Invalid as error:
        raise not_readable() from error
    if not isinstance(body, dict):
        raise not_readable()
    return body


def _as_json(raw: bytes) -> bytes:
    """The same as JSON, whose bounds then hold for it."""
    try:
        value = cbor2.loads(raw)
        _count(value)
        return orjson.dumps(value)
    except (cbor2.CBORError, ValueError, TypeError, RecursionError) as error:
        raise not_readable() from error


def _count(value: Any) -> None:
    waiting, seen, length = [value], 0, 0
    while waiting:
        seen += 1
        match waiting.pop():
            case dict() as members:
                waiting.extend([*members, *members.values()])
            case list() as items:
                waiting.extend(items)
            case str() as text:
                length += len(text)
        if seen > MOST_VALUES or length > LONGEST:
            raise ValueError("more than any device has to tell")
