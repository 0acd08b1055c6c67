"""Conditional and range requests (RFC 9110 §13 and §14) for content that never changes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from django.utils.http import parse_etags, parse_http_date_safe

# Of more, or of more bytes than there are, the whole is sent, as the RFC allows.
MOST_RANGES = 32
_BYTE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,30})-([0-9]{0,30})[ \t]*", re.IGNORECASE)


class Verdict(Enum):
    PROCEED = 200
    NOT_MODIFIED = 304
    PRECONDITION_FAILED = 412


@dataclass(frozen=True, slots=True)
class Validators:
    """`etag` is a strong one, quotes included; `modified` is in Unix seconds."""

    etag: str
    modified: int


class Unsatisfiable(Exception):
    """The range lies outside of the content."""


def precondition(headers: Mapping[str, str], current: Validators) -> Verdict:
    """What the conditions of a GET or HEAD request come to, in the order of §13.2.2."""
    if "If-Match" in headers:
        if not _matches(headers["If-Match"], current.etag, weakly=False):
            return Verdict.PRECONDITION_FAILED
    elif (date := _date(headers, "If-Unmodified-Since")) is not None and current.modified > date:
        return Verdict.PRECONDITION_FAILED
    if "If-None-Match" in headers:
        if _matches(headers["If-None-Match"], current.etag, weakly=True):
            return Verdict.NOT_MODIFIED
    elif (date := _date(headers, "If-Modified-Since")) is not None and current.modified <= date:
        return Verdict.NOT_MODIFIED
    return Verdict.PROCEED


def wanted_range(headers: Mapping[str, str], current: Validators, size: int) -> range | None:
    """The bytes that a GET asks for, None for all of them; raises Unsatisfiable.

    A range that is malformed, or whose If-Range no longer holds, asks for everything.
    """
    match = _BYTE_RANGE.fullmatch(headers.get("Range", "").strip())
    if match is None or not _if_range_holds(headers, current):
        return None
    first, last = match.groups()
    if first:
        return _from_first(int(first), int(last or 10**30), size)
    return _suffix(int(last), size) if last else None


def wanted_ranges(headers: Mapping[str, str], current: Validators, size: int) -> tuple[range, ...]:
    """The parts that a GET asks for, if it is several; raises Unsatisfiable if none is there."""
    unit, _, text = headers.get("Range", "").strip().partition("=")
    asked = text.split(",")
    if unit.lower() != "bytes" or not 1 < len(asked) <= MOST_RANGES:
        return ()
    found: list[range] = []
    missing = 0
    for each in asked:
        try:
            part = wanted_range({**headers, "Range": f"bytes={each.strip()}"}, current, size)
        except Unsatisfiable:
            missing += 1
            continue
        if part is None:
            return ()
        found.append(part)
    if missing == len(asked):
        raise Unsatisfiable
    return tuple(found) if sum(map(len, found)) <= size else ()


def _from_first(first: int, last: int, size: int) -> range | None:
    if first > last:
        return None
    if first >= size:
        raise Unsatisfiable
    return range(first, min(last, size - 1) + 1)


def _suffix(length: int, size: int) -> range:
    if length == 0:
        raise Unsatisfiable
    return range(max(0, size - length), size)


def _if_range_holds(headers: Mapping[str, str], current: Validators) -> bool:
    if "If-Range" not in headers:
        return True
    condition = headers["If-Range"].strip()
    return condition == current.etag or parse_http_date_safe(condition) == current.modified


def _matches(header: str, etag: str, *, weakly: bool) -> bool:
    given = parse_etags(header)
    return given == ["*"] or etag in given or (weakly and f"W/{etag}" in given)


def _date(headers: Mapping[str, str], name: str) -> int | None:
    return parse_http_date_safe(headers[name]) if name in headers else None
