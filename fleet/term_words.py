"""Filters of terms, which Mender's API has, in the words of the list of devices, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from fleet.attributes import is_storable_value
from fleet.errors import Invalid
from fleet.filters import check_terms, condition_of
from fleet.listing.devices import DEVICES
from fleet.states import Admission
from query.columns import uuid_of, whole_moment
from query.fiql.rendering import Unspeakable, render
from query.fiql.times import canonical
from query.tree import All, Comparison, Condition, Exists, Field, Not, Operator, Scalar, Some
from query.wildcards import expression

SCOPES = {"inventory": "attribute", "tags": "tag", "monitor": "monitor", "identity": "identity"}
COLUMNS: dict[Field, str] = {
    ("identity", "id"): "id",
    ("identity", "status"): "status",
    ("system", "group"): "group",
    ("system", "created_ts"): "created_at",
    ("system", "updated_ts"): "changed_at",
    ("system", "check_in_time"): "checked_in_at",
}
MOMENTS = frozenset({"created_at", "changed_at", "checked_in_at"})
EVERYTHING = Exists(("id",))
NOTHING = Not(EVERYTHING)
_COLUMNS_BACK = {name: field for field, name in COLUMNS.items()}
_SCOPES_BACK = {name: scope for scope, name in SCOPES.items()}
_TYPES = {
    Operator.EQUAL: "$eq",
    Operator.IN: "$in",
    Operator.LESS: "$lt",
    Operator.LESS_OR_EQUAL: "$lte",
    Operator.GREATER: "$gt",
    Operator.GREATER_OR_EQUAL: "$gte",
    Operator.FOUND: "$regex",
}
_NEGATIONS = {"$eq": "$ne", "$in": "$nin"}


def from_terms(terms: Sequence[Mapping[str, Any]]) -> Condition:
    """The terms as a condition on the list of devices, one that can be rendered.

    Raises Unspeakable for what the list has no words for, and Invalid as `check_terms` does.
    """
    parts = tuple(map(_in_fields, condition_of(terms).parts)) or (EVERYTHING,)
    found = parts[0] if len(parts) == 1 else All(parts)
    render(found, DEVICES)
    return found


def to_terms(condition: Condition) -> list[dict[str, Any]] | None:
    """A condition on the list of devices as terms, all of which hold; None if that cannot be."""
    terms = [_term(part) for part in _conjunction(condition)]
    told = [term for term in terms if term is not None]
    try:
        check_terms(told)
    except Invalid:
        return None
    return told if len(told) == len(terms) else None


def _in_fields(condition: Condition) -> Condition:
    match condition:
        case Not(part):
            return Not(_in_fields(part))
        case Some(parts):
            return Some(tuple(map(_in_fields, parts)))
        case Exists(field):
            return Exists(_field(field))
        case Comparison(field, operator, value):
            return _comparison(_field(field), operator, value)
    raise Unspeakable("terms are not nested")


def _field(field: Field) -> Field:
    if name := COLUMNS.get(field):
        return (name,)
    if name := SCOPES.get(field[0]):
        return name, field[1]
    raise Unspeakable(f"{field[0]}/{field[1]} has no name in the list of devices")


def _comparison(field: Field, operator: Operator, value: Any) -> Condition:
    """With values that can be written; those that nothing is equal to are left out."""
    if operator not in {Operator.EQUAL, Operator.IN}:
        is_number = len(field) == 1 and not isinstance(value, str)
        return NOTHING if is_number else Comparison(field, operator, _said(field, value))
    if operator == Operator.EQUAL and isinstance(value, tuple):
        return NOTHING if len(field) == 1 else Comparison(field, operator, value)
    values = value if isinstance(value, tuple) else (value,)
    told = tuple(_said(field, each) for each in values if _may_equal(field, each))
    if field[0] in MOMENTS and len(told) > 1:
        return Some(tuple(Comparison(field, Operator.EQUAL, each) for each in told))
    if len(told) < 2:
        return Comparison(field, Operator.EQUAL, told[0]) if told else NOTHING
    return Comparison(field, Operator.IN, told)


def _may_equal(field: Field, value: Scalar) -> bool:
    if len(field) > 1 or field[0] in MOMENTS:
        return True
    if field[0] == "status":
        return value in Admission.values
    if field[0] == "id":
        return isinstance(value, str) and uuid_of(value) is not None
    return isinstance(value, str) and value != ""


def _said(field: Field, value: Scalar) -> Scalar:
    return canonical(whole_moment(value)) if field[0] in MOMENTS else value


def _conjunction(condition: Condition) -> list[Condition]:
    if isinstance(condition, All):
        return [each for part in condition.parts for each in _conjunction(part)]
    return [condition]


def _term(part: Condition) -> dict[str, Any] | None:
    is_denied = isinstance(part, Not)
    leaf = part.part if isinstance(part, Not) else part
    if (there := _existence_of(leaf)) is not None:
        place = _place(there)
        return None if place is None else place | {"type": "$exists", "value": not is_denied}
    if not isinstance(leaf, Comparison) or (place := _place(leaf.field)) is None:
        return None
    kind, value = _TYPES.get(leaf.operator), leaf.value
    if leaf.operator == Operator.LIKE:
        kind, value = "$regex", expression(str(value))
    if is_denied:
        kind = _NEGATIONS.get(kind or "")
    told = list(value) if isinstance(value, tuple) else value
    is_sayable = is_storable_value(told) or isinstance(told, bool)
    return place | {"type": kind, "value": told} if kind and is_sayable else None


def _existence_of(leaf: Condition) -> Field | None:
    """The field that is there; a device that has a tag has a value by its name."""
    match leaf:
        case Exists(field):
            return field
        case Comparison(("tag",), Operator.EQUAL, str(name)):
            return "tag", name
    return None


def _place(field: Field) -> dict[str, Any] | None:
    found = _COLUMNS_BACK.get(field[0]) if len(field) == 1 else None
    if len(field) > 1 and (scope := _SCOPES_BACK.get(field[0])):
        found = scope, field[1]
        if found in COLUMNS:  # there it means the column
            return None
    return None if found is None else {"scope": found[0], "attribute": found[1]}
