"""A condition asked of a job and its targets in memory: what SQL selects is what holds here."""

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from api.digi.language.fields import (
    DEVICE_FIELDS,
    GROUP,
    GROUP_WITHIN,
    names_device,
    without_device,
)
from api.digi.language.words import Kind
from query.matching import MISSING, matches
from query.searching import folded
from query.tree import RANGES, Comparison, Condition, Exists, Operator, mapped
from query.tree import Field as Path
from query.versions import version_key

Facts = Mapping[str, object]
_ORDER: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


def holds(condition: Condition, job: Facts, targets: Iterable[Facts]) -> bool:
    """Whether it is true of the job and one of its targets; of the job alone if it asks no more.

    The facts are by the names of fields, a device's id as "device_id", its group as a path and
    its tags as a list; what is missing, or an empty text, is not there.
    """
    if not names_device(condition):
        return is_true_of(condition, job)
    if any(is_true_of(condition, {**job, **target}) for target in targets):
        return True
    left = without_device(condition)
    return left is not None and is_true_of(left, job)


def is_true_of(condition: Condition, facts: Facts) -> bool:
    def look_up(path: Path) -> object:
        value = facts.get((GROUP if path == GROUP_WITHIN else path)[0])
        if value is None or value == "":
            return MISSING
        if path == GROUP_WITHIN:
            value = f"{value}/".replace("//", "/")
        return _folded(value)

    def leaf(asked: Comparison | Exists) -> bool:
        if isinstance(asked, Comparison) and is_of_versions(asked):
            value = look_up(asked.field)
            return value is not MISSING and test_of_versions(asked)(str(value))
        return matches(asked, look_up)

    return mapped(condition, leaf)


def _folded(value: object) -> object:
    if isinstance(value, list):
        return [_folded(each) for each in value]
    return folded(value) if isinstance(value, str) else value


def is_of_versions(asked: Comparison) -> bool:
    field = DEVICE_FIELDS.get(asked.field[0])
    return field is not None and field.kind == Kind.VERSION


def test_of_versions(asked: Comparison) -> Callable[[str], bool]:
    """What a version in small letters has to pass: more and less as versions, else as texts."""
    if asked.operator in RANGES:
        compare, wanted = _ORDER[asked.operator], version_key(str(asked.value))
        return lambda version: bool(version) and compare(version_key(version), wanted)
    return lambda version: bool(version) and matches(asked, lambda _path: version)
