"""Devices by what is known of them: terms as people save them, turned into a condition."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest

from fleet.attributes import NAME_LENGTH, is_storable_value
from fleet.errors import Invalid
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet
from fleet.texts import is_storable
from query.columns import IdColumn, MomentColumn, TextColumn
from query.compiling import Target, compiled
from query.json_fields import JsonField
from query.tree import (
    All,
    Comparison,
    Condition,
    Exists,
    Field,
    Not,
    Operator,
    Scalar,
    Some,
    Unsupported,
    Value,
)

SCOPES = ("identity", "inventory", "monitor", "system", "tags")
MOST_TERMS = 100
MOST_VALUES = 500
MOST_VALUES_IN_ALL = 5_000
CHANGED_AT = Greatest(F("updated_at"), Coalesce(F("inventory__updated_at"), F("updated_at")))
CHECKED_IN_AT = Coalesce(F("contact__seen_at"), F("inventory__updated_at"))
COLUMNS: dict[Field, Target] = {
    ("identity", "id"): IdColumn("id"),
    ("identity", "status"): TextColumn("status"),
    ("system", "group"): TextColumn("group"),
    ("system", "created_ts"): MomentColumn(F("created_at")),
    ("system", "updated_ts"): MomentColumn(CHANGED_AT),
    ("system", "check_in_time"): MomentColumn(CHECKED_IN_AT),
}
COMPARISONS = {
    "$eq": Operator.EQUAL,
    "$gt": Operator.GREATER,
    "$gte": Operator.GREATER_OR_EQUAL,
    "$lt": Operator.LESS,
    "$lte": Operator.LESS_OR_EQUAL,
    "$in": Operator.IN,
    "$regex": Operator.FOUND,
}
# Also true of what lacks the attribute, or compares with none of the value.
NEGATIONS = {"$ne": "$eq", "$nin": "$in"}
TYPES = (*COMPARISONS, *NEGATIONS, "$exists", "$ltne")


def matching(organization: Organization, terms: Sequence[Mapping[str, Any]]) -> DeviceQuerySet:
    """The devices of which all terms hold; raises Invalid as `check_terms` does.

    A term is `{"scope", "attribute", "type", "value"}`. Source: Mender API, FilterPredicate.
    """
    return Device.objects.of(organization).filter(filter_of(condition_of(terms)))


def check_terms(terms: object) -> None:
    """Raises Invalid("filter_invalid") unless the terms can be asked."""
    filter_of(condition_of(terms))


def filter_of(condition: Condition) -> Q:
    """The condition on devices as Django has it; raises Invalid("filter_invalid")."""
    try:
        return compiled(condition, target_of)
    except Unsupported as error:
        raise _invalid(str(error)) from error


def target_of(field: Field) -> Target:
    """Where the attribute of (scope, name) is kept."""
    scope, name = field
    if column := COLUMNS.get(field):
        return column
    if scope == "identity":
        return JsonField("identity", (name,))
    return JsonField("inventory__attributes", field, row="inventory", is_plain=scope != "monitor")


def condition_of(terms: object) -> All:
    if not isinstance(terms, list | tuple) or len(terms) > MOST_TERMS:
        raise _invalid(f"filters: a list of at most {MOST_TERMS} terms is wanted")
    lists = [term.get("value") for term in terms if isinstance(term, Mapping)]
    if sum(len(value) for value in lists if isinstance(value, list)) > MOST_VALUES_IN_ALL:
        raise _invalid(f"filters: at most {MOST_VALUES_IN_ALL} values in all lists together")
    return All(tuple(_term(term) for term in terms))


def check_field(scope: object, name: object) -> Field:
    """(scope, name) of an attribute; raises Invalid("filter_invalid")."""
    if not isinstance(scope, str) or scope not in SCOPES:
        raise _invalid(f"scope: must be one of {', '.join(SCOPES)}", "scope")
    if not isinstance(name, str) or not 1 <= len(name) <= NAME_LENGTH or not is_storable(name):
        text = f"attribute: a name of 1 to {NAME_LENGTH} characters is required"
        raise _invalid(text, "attribute")
    return scope, name


def _term(term: object) -> Condition:
    if not isinstance(term, Mapping):
        raise _invalid("filters: a list of objects is wanted")
    field = check_field(term.get("scope"), term.get("attribute"))
    kind, value = term.get("type"), term.get("value")
    if not isinstance(kind, str) or kind not in TYPES:
        raise _invalid(f"type: must be one of {', '.join(TYPES)}", "type")
    if value is None:
        raise _invalid("value: must not be missing", "value")
    if kind == "$exists":
        return _existence(field, value)
    if kind == "$ltne":
        return Some((Not(Exists(field)), _comparison(field, "$lt", value)))
    if kind in NEGATIONS:
        return Not(_comparison(field, NEGATIONS[kind], value))
    return _comparison(field, kind, value)


def _existence(field: Field, value: object) -> Condition:
    # The dashboards of some callers send the word.
    wanted = {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value
    if not isinstance(wanted, bool):
        raise _invalid("value: $exists wants true or false", "value")
    return Exists(field) if wanted else Not(Exists(field))


def _comparison(field: Field, kind: str, value: object) -> Comparison:
    if isinstance(value, bool) and kind == "$eq":  # as monitors have them
        return Comparison(field, Operator.EQUAL, value)
    if not is_storable_value(value):
        raise _invalid("value: must be a text, a number or a list of one of these", "value")
    if kind == "$regex" and not isinstance(value, str):
        raise _invalid("value: $regex wants a text", "value")
    if isinstance(value, list):
        return Comparison(field, COMPARISONS[kind], _values(kind, value))
    if kind == "$in":
        raise _invalid("value: $in and $nin want a list", "value")
    return Comparison(field, COMPARISONS[kind], value)


def _values(kind: str, values: Sequence[Scalar]) -> Value:
    if kind not in {"$in", "$eq"}:
        raise _invalid(f"value: {kind} wants no list", "value")
    if len(values) > MOST_VALUES:
        raise _invalid(f"value: at most {MOST_VALUES} values", "value")
    return tuple(values)


def _invalid(message: str, field: str = "filters") -> Invalid:
    return Invalid("filter_invalid", message, field=field)
