"""Bodies and criteria as they come: what is asked for, or what of it is wrong.

Keys that are not known are passed over at the top, as upstream's own examples have such; `null` is
as good as no key. Source: the seed, Body Schema of each call.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig

from api.carbonblack.error_codes import Code
from api.carbonblack.errors import (
    Refused,
    malformed,
    missing,
    unknown_criterion,
    wrong_type,
    wrong_word,
)
from api.endpoints import Call
from api.json_bodies import check_media_type, decode

MAX_QUERY = 4096
# 250,000 ids of devices, in quotes.
LONGEST_BODY = 4 * 1024 * 1024
DEFAULT_ROWS, MAX_ROWS = 200, 1000
ORDERS, MOST_SORTED = ("ASC", "DESC"), 32
# Fields, each with whether it is sorted downwards.
Sort = tuple[tuple[str, bool], ...]
# No table has more rows; a bigger offset would not fit the databases' integers.
MAX_START = 2**31 - 1


def read_long_body(call: Call) -> None:
    """Read the body where it may be longer than those of other calls; raises RequestDataTooBig."""
    if hasattr(call, "_body"):
        return
    body = call.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise RequestDataTooBig
    call._body = body


def json_object(call: Call) -> dict[str, Any]:
    """The body; raises WrongMediaType (415), Invalid and Refused (400) for what is no object."""
    check_media_type(call.META.get("CONTENT_TYPE", ""), call.body)
    body = decode(call.body)
    if not isinstance(body, dict):
        raise malformed("The body must be a JSON object")
    json.loads(call.body, object_pairs_hook=_without_doubles)
    return body


def member_object(body: dict[str, Any], name: str, path: str = "") -> dict[str, Any]:
    """The object under that name, `{}` if there is none; raises Refused (400)."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong_type(path or name, "an object")
    return value


def read_query(body: dict[str, Any], path: str = "query") -> str:
    """The text under "query", "" if there is none; raises Refused (400)."""
    text = body.get("query")
    if text is None:
        return ""
    if not isinstance(text, str):
        raise wrong_type(path, "a string")
    if len(text) > MAX_QUERY:
        message = f"Field {path} cannot exceed {MAX_QUERY} characters"
        raise Refused(Code.INVALID_QUERY, message, [MAX_QUERY])
    return text


def read_rows(
    body: dict[str, Any], *, default: int = DEFAULT_ROWS, most: int = MAX_ROWS
) -> tuple[int, int]:
    """How many rows, and from which on; raises Refused (400)."""
    rows, start = body.get("rows"), body.get("start")
    if rows is None:
        rows = default
    if not _is_whole(rows) or not 0 <= rows <= most:
        raise Refused(Code.INVALID_ROWS, f"Field rows must be 0 to {most}", [most])
    if start is None:
        start = 0
    if not _is_whole(start) or start < 0:
        raise Refused(Code.INVALID_ROWS, "Field start must be a number from 0", [most])
    return rows, min(start, MAX_START)


def read_sort(body: dict[str, Any], fields: Sequence[str]) -> Sort:
    """`sort`: one entry, or a list of them, in any case; upwards where no order is said.

    Raises Refused (400).
    """
    given = body.get("sort")
    if given is None:
        return ()
    entries = given if isinstance(given, list) else [given]
    if len(entries) > MOST_SORTED or not all(isinstance(each, dict) for each in entries):
        raise wrong_type("sort", f"a list of at most {MOST_SORTED} objects")
    return tuple(_read_entry(each, fields) for each in entries)


def _read_entry(entry: dict[str, Any], fields: Sequence[str]) -> tuple[str, bool]:
    name, order = entry.get("field"), entry.get("order")
    if name is None:
        raise missing("sort.field")
    for path, text in (("sort.field", name), ("sort.order", order)):
        if text is not None and not isinstance(text, str):
            raise wrong_type(path, "a string")
    is_downwards = order is not None and read_words([order], ORDERS, "sort.order") == ["DESC"]
    return read_words([name], fields, "sort.field")[0], is_downwards


def read_criteria(
    criteria: dict[str, Any], known: Iterable[str], path: str = "criteria"
) -> dict[str, list[str]]:
    """By each field what it may be: a single value is a list of one, a number is its digits.

    An empty list is kept; a field that is null is not. Raises Refused (400).
    """
    names = set(known)
    if unknown := next((name for name in criteria if name not in names), None):
        raise unknown_criterion(unknown)
    if "" in criteria:
        raise unknown_criterion("")
    return {
        name: read_texts(value, f"{path}.{name}")
        for name, value in criteria.items()
        if value is not None
    }


def read_texts(value: Any, path: str) -> list[str]:
    """One text or whole number, or a list of them, as texts; raises Refused (400)."""
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) or _is_whole(each) for each in values):
        raise wrong_type(path, "a string, or a list of strings")
    return [str(each) for each in values]


def read_words(values: Sequence[str], known: Sequence[str], path: str) -> list[str]:
    """The words as they are spelt here, in whatever case they came; raises Refused (400)."""
    by_folded = {word.casefold(): word for word in known}
    for value in values:
        if value.casefold() not in by_folded:
            raise wrong_word(path, value, known)
    return [by_folded[value.casefold()] for value in values]


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _without_doubles(pairs: list[tuple[str, Any]]) -> None:
    """A key that comes twice says two things, of which nobody is to guess one."""
    names = Counter(name for name, _ in pairs)
    if len(names) < len(pairs):
        twice = next(name for name, count in names.items() if count > 1)
        raise malformed(f"The key {twice[:64]!r} comes twice")
