"""Members of JSON bodies: null is as good as absent, a wrong type makes a body not well formed.

What a member may hold besides is the domain's business.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from api.hawkbit.errors import not_readable, violation

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = 253_402_300_799_999  # the last millisecond of the year 9999


def text_of(body: dict[str, Any], name: str) -> str | None:
    """Numbers and truths are read as the text that spells them, as hawkBit does."""
    value = body.get(name)
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case _:
            raise not_readable()


def number_of(body: dict[str, Any], name: str) -> int | None:
    """A whole number; a text that spells one will do."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, str) and value.strip().lstrip("-").isascii() and value.strip():
        try:
            value = int(value)
        except ValueError:
            raise not_readable() from None
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise not_readable()
    return value


def share_of(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise not_readable()
    return None if value is None else float(value)


def truth_of(body: dict[str, Any], name: str) -> bool | None:
    value = body.get(name)
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if value is not None and not isinstance(value, bool):
        raise not_readable()
    return value


def moment_of(body: dict[str, Any], name: str) -> datetime | None:
    """Milliseconds since 1970."""
    number = number_of(body, name)
    if number is None:
        return None
    if not 0 <= number <= LATEST:
        raise violation(name, "is not a time")
    return EPOCH + timedelta(milliseconds=number)


def object_of(body: dict[str, Any], name: str) -> dict[str, Any] | None:
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise not_readable()
    return value


def objects_of(body: dict[str, Any], name: str) -> list[dict[str, Any]] | None:
    value = body.get(name)
    if value is None:
        return None
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, dict) for item in items):
        raise not_readable()
    return items


def milliseconds(at: datetime | None) -> int | None:
    """The time as hawkBit tells it."""
    return None if at is None else (at - EPOCH) // timedelta(milliseconds=1)


def told(members: dict[str, Any]) -> dict[str, Any]:
    """Without what there is not: hawkBit leaves it out instead of saying null."""
    return {name: value for name, value in members.items() if value is not None}
