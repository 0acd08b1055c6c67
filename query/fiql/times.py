"""Points in time as people write them: exact to the millisecond, or a whole day.

RFC 3339 (`2026-05-04T03:02:01.5+02:00`; without a zone it is UTC), a day alone (`2026-05-04`,
in UTC), milliseconds since 1970 (`1777863721500`), or relative to now: `now`, `now-7d`, `-90m`
(units s, m, h, d and w).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII
)
_EPOCH = re.compile(r"\d{1,15}", re.ASCII)
_RELATIVE = re.compile(r"(?:now)?([+-]\d{1,9})([smhdw])|now", re.ASCII | re.IGNORECASE)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
ACCEPTED = (
    "a time such as 2026-05-04T03:02:01Z",
    "a day such as 2026-05-04",
    "milliseconds since 1970",
    "a time from now such as now-7d or -90m",
)


@dataclass(frozen=True, slots=True)
class Span:
    """From its first to its last millisecond, as a tree has times."""

    first: str
    last: str


def span_of(text: str, now: datetime) -> Span:
    """The time that the text says; raises ValueError."""
    try:
        return _span(text, now)
    except OverflowError as error:
        raise ValueError(text) from error


def canonical(moment: datetime) -> str:
    whole = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return whole.replace("+00:00", "Z")


def _span(text: str, now: datetime) -> Span:
    if found := _RELATIVE.fullmatch(text):
        if not found[1]:
            return _instant(now)
        return _instant(now + timedelta(**{_UNITS[found[2].lower()]: int(found[1])}))
    if _EPOCH.fullmatch(text):
        return _instant(_START + int(text) * _MILLISECOND)
    found = _STAMP.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, time, zone = found.groups()
    if time is None:
        midnight = datetime.fromisoformat(f"{day}T00:00+00:00")
        last = timedelta(days=1) - _MILLISECOND
        return Span(canonical(midnight), canonical(midnight + last))
    return _instant(datetime.fromisoformat(f"{day}T{time}{(zone or 'Z').upper()}"))


def _instant(moment: datetime) -> Span:
    text = canonical(moment)
    return Span(text, text)
