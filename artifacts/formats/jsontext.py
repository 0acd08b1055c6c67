"""Strict JSON for small untrusted documents."""

import json
import math
import re
from collections.abc import Iterable

from artifacts.formats.errors import Code, FormatError
from artifacts.formats.limits import Limits

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def parse_object(raw: bytes, where: str, limits: Limits) -> dict[str, object]:
    """One JSON object in UTF-8; `bad_header` for anything else.

    Stricter than the standard library, so that what is kept can be stored and written again:
    no key twice, no NaN or infinite number, no NUL, no half of a surrogate pair, and no deeper
    than `limits.json_depth`. Whole numbers beyond 64 bits become floats, as on a device.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise _bad(where, "is not valid JSON") from error
    if not isinstance(value, dict):
        raise _bad(where, "is not a JSON object")
    _check(value, where, limits.json_depth)
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("a key comes twice")
    return result


def _whole(text: str) -> int | float:
    if len(text) <= 20 and -(2**63) <= (number := int(text)) < 2**63:
        return number
    return _finite(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number


def _check(value: object, where: str, depth: int) -> None:
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            raise _bad(where, "has text that cannot be stored")
        return
    children = _children(value)
    if children is not None and not depth:
        raise _bad(where, "is nested too deeply")
    for child in children or ():
        _check(child, where, depth - 1)


def _children(value: object) -> Iterable[object] | None:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else None


def _bad(where: str, problem: str) -> FormatError:
    return FormatError(Code.BAD_HEADER, f"'{where}' {problem}.")
