"""The criteria of a device search: by each field what it may be, and all of them hold.

Source: the seed, search_definition.criteria; Carbon Black, Devices API, search criteria.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from api.carbonblack.bodies import read_criteria, read_words
from api.carbonblack.error_codes import Code
from api.carbonblack.errors import Refused, missing, wrong_type
from api.carbonblack.search.fields import CONTACT, NAMES
from api.carbonblack.search.meaning import one_of
from query.fiql.times import canonical, span_of
from query.listing import Kind, Listing
from query.tree import All, Comparison, Condition, Not, Operator

STATUS = "status"
# Beside ids, which are one parameter however many there are.
MAX_VALUES = 10_000
_RANGE = re.compile(r"-([0-9]{1,6})([ywdhms])", re.ASCII)
# Neither a number nor a time from now, which are read as times elsewhere.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNITS = {
    "y": timedelta(days=365),
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


def read_search_criteria(
    criteria: dict[str, Any], fields: Listing, now: datetime, path: str, *, is_strict: bool
) -> dict[str, Condition]:
    """What each field asks; `path` is what errors call the criteria. Raises Refused (400).

    An empty list asks nothing, and neither does null; where `is_strict`, both are refused: what a
    mistake has emptied must not widen what is to be changed.
    """
    said = dict(criteria)
    times = said.pop(CONTACT, None)
    values = read_criteria(said, NAMES, path)
    _check_count(values, path)
    if is_strict:
        _check_none_is_empty(criteria, path)
    found: dict[str, Condition] = {}
    for name, texts in values.items():
        column = fields.by_name[name]
        is_choice = column.kind == Kind.CHOICE
        wanted = read_words(texts, column.choices, name) if is_choice else texts
        if wanted:
            found[name] = one_of(column, tuple(wanted))
    if times is not None:
        found[CONTACT] = _within(times, now, f"{path}.{CONTACT}")
    return found


def all_of(asked: dict[str, Condition], excluded: dict[str, Condition]) -> Condition:
    """All that is asked for holds, and nothing that is excluded."""
    return All((*asked.values(), *map(Not, excluded.values())))


def _check_none_is_empty(criteria: dict[str, Any], path: str) -> None:
    if empty := next((name for name, value in criteria.items() if value in (None, [])), None):
        place = f"{path}.{empty}"
        raise Refused(Code.INVALID_VALUE, f"Field {place} must not be empty", [place])


def _check_count(values: dict[str, list[str]], path: str) -> None:
    counted = {name: len(some) for name, some in values.items() if name != "id"}
    if sum(counted.values()) > MAX_VALUES:
        widest = max(counted, key=counted.__getitem__)
        message = f"Criteria have at most {MAX_VALUES} values, ids apart"
        raise Refused(Code.INVALID_VALUE, message, [f"{path}.{widest}"])


def _within(times: Any, now: datetime, path: str) -> Condition:
    """`{"start": time, "end": time}`, or `{"range": "-3h"}`; units y, w, d, h, m and s."""
    if not isinstance(times, dict):
        raise wrong_type(path, "an object of start and end, or of range")
    told = {name: times.get(name) for name in ("start", "end", "range")}
    for name, value in told.items():
        if value is not None and not isinstance(value, str):
            raise wrong_type(f"{path}.{name}", "a string")
    start, end, span = told.values()
    if span is not None:
        if start is not None or end is not None:
            message = f"Field {path} has either range, or start and end"
            raise Refused(Code.INVALID_VALUE, message, [path])
        return _since(_before(span, now, f"{path}.range"))
    for name in ("start", "end"):
        if told[name] is None:
            raise missing(f"{path}.{name}")
    since = _since(_moment(str(start), f"{path}.start"))
    until = _moment(str(end), f"{path}.end")
    return All((since, Comparison((CONTACT,), Operator.LESS_OR_EQUAL, until)))


def _since(moment: str) -> Condition:
    return Comparison((CONTACT,), Operator.GREATER_OR_EQUAL, moment)


def _before(span: str, now: datetime, path: str) -> str:
    found = _RANGE.fullmatch(span)
    if found is None:
        message = f"Field {path} must be a time back from now such as -3h; units are y w d h m s"
        raise Refused(Code.INVALID_VALUE, message, [path])
    try:
        return canonical(now - int(found[1]) * _UNITS[found[2]])
    except OverflowError:
        # Further back than there are times: any time will do.
        return canonical(datetime(1, 1, 1, tzinfo=UTC))


def _moment(text: str, path: str) -> str:
    refusal = Refused(
        Code.INVALID_VALUE, f"Field {path} must be a time such as 2026-05-04T03:02:01Z", [path]
    )
    if not _DAY.match(text):
        raise refusal
    try:
        return span_of(text, datetime.now(UTC)).first
    except ValueError:
        raise refusal from None
