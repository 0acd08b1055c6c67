"""One attribute of a device and the rules it keeps."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from fleet.errors import Invalid
from fleet.texts import is_storable

Value = str | int | float | list[str] | list[int | float]

NAME_LENGTH = 1024
DESCRIPTION_LENGTH = 4096
SUPPORTED = "supported types are string, float64, and arrays thereof"


@dataclass(frozen=True, slots=True)
class Attribute:
    """`value` is a text, a number, or a list of one of these.

    Source: Mender API, Device inventory, Attribute.
    """

    name: str
    value: Value
    scope: str = "inventory"
    description: str = ""
    timestamp: datetime | None = None


def check(attribute: Attribute) -> Attribute:
    """Return the attribute if it keeps the rules; raises Invalid("attribute_invalid")."""
    name, description = attribute.name, attribute.description
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_LENGTH:
        raise _invalid(f"name: a text of 1 to {NAME_LENGTH} characters is required", "name")
    if not isinstance(description, str) or len(description) > DESCRIPTION_LENGTH:
        raise _invalid(f"description: at most {DESCRIPTION_LENGTH} characters", "description")
    if not _is_supported(attribute.value):
        raise _invalid(f"value of {name[:64]}: {SUPPORTED}", "value")
    texts = [name, description, *_texts(attribute.value)]
    if not all(map(is_storable, texts)):
        raise _invalid(f"{name[:64]!r} holds characters that no text may hold", "value")
    return attribute


def is_storable_value(value: object) -> TypeGuard[Value]:
    """Whether an attribute could have this value."""
    return _is_supported(value) and all(map(is_storable, _texts(value)))


def _is_supported(value: object) -> TypeGuard[Value]:
    if isinstance(value, list):
        return all(isinstance(item, str) for item in value) or all(map(_is_number, value))
    return isinstance(value, str) or _is_number(value)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def _texts(value: Value) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _invalid(message: str, field: str) -> Invalid:
    return Invalid("attribute_invalid", message, field=field)
