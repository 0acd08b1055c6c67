"""What a device calls itself: a JSON object that its vendor chose."""

import hashlib
import json
import re
from typing import Any, Never

from fleet.errors import Invalid

CONTROLLER = "controllerId"
NAME_KEYS = ("name", "hostname", "sn", "serial", "serial_number", "mac", "id")
NAME_LENGTH = 256
CONTROLLER_ID = re.compile(r"\S{1,256}")
MAX_DEPTH = 64  # what was read just within the recursion limit might not be read again


def parse(text: str) -> dict[str, Any]:
    """Read an identity from JSON text; raises Invalid("identity_invalid") unless an object.

    Source: Mender API, Device authentication, `id_data`.
    """
    try:
        identity = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise _invalid(f"the identity is not JSON: {error}") from error
    return check(identity)


def check(identity: object) -> dict[str, Any]:
    """Return the identity if it is an object that every database can keep; raises Invalid."""
    if not isinstance(identity, dict) or not identity:
        raise _invalid("the identity must be a JSON object with at least one member")
    try:
        stored = text_of(identity)
        stored.encode()
        depth = _depth(identity)
    except (ValueError, TypeError, RecursionError) as error:
        raise _invalid(f"the identity cannot be stored: {error}") from error
    if depth > MAX_DEPTH:
        raise _invalid(f"the identity must not be nested deeper than {MAX_DEPTH} levels")
    if "\\u0000" in stored:
        raise _invalid("the identity must not contain NUL characters")
    return identity


def text_of(identity: dict[str, Any]) -> str:
    """The identity as compact JSON with sorted keys: equal identities give equal texts."""
    return json.dumps(
        identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(identity: dict[str, Any]) -> str:
    """What tells identities apart within an organization, as 64 hexadecimal digits."""
    return hashlib.sha256(text_of(identity).encode()).hexdigest()


def of_controller(controller_id: str) -> dict[str, Any]:
    """The identity of a device that is known by its controller id alone, as hawkBit knows it."""
    return {CONTROLLER: controller_id}


def controller_of(identity: dict[str, Any]) -> str:
    """The controller id that is all there is to the identity, empty for any other identity."""
    told = identity.get(CONTROLLER)
    is_one = isinstance(told, str) and len(identity) == 1 and CONTROLLER_ID.fullmatch(told)
    return str(told) if is_one else ""


def name_of(identity: dict[str, Any]) -> str:
    """A short name for people: the most telling member of the identity."""
    told = {key.lower(): value for key, value in reversed(identity.items()) if _is_plain(value)}
    telling = next((told[key] for key in NAME_KEYS if key in told), None)
    if telling is None and told:
        telling = next(reversed(told.values()))
    return str(telling)[:NAME_LENGTH] if telling is not None else digest(identity)[:8]


def _depth(value: object) -> int:
    if not isinstance(value, dict | list):
        return 0
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, inner), default=0)


def _is_plain(value: object) -> bool:
    return (isinstance(value, str) and bool(value.strip())) or (
        isinstance(value, int | float) and not isinstance(value, bool)
    )


def _refuse(constant: str) -> Never:
    raise ValueError(f"{constant} is not JSON")


def _invalid(message: str) -> Invalid:
    return Invalid("identity_invalid", message, field="id_data")
