"""A condition as text that is read as the same condition again."""

from decimal import Decimal

from api.digi.language.fields import DEVICE_ID
from query.tree import All, Comparison, Condition, Not, Operator, Some
from query.wildcards import pieces_of

SIGNS = {
    Operator.EQUAL: "=",
    Operator.LESS: "<",
    Operator.LESS_OR_EQUAL: "<=",
    Operator.GREATER: ">",
    Operator.GREATER_OR_EQUAL: ">=",
}


def render(condition: Condition) -> str:
    match condition:
        case All(parts):
            return " and ".join(f"({render(part)})" for part in parts)
        case Some(parts):
            return "(" + ") OR (".join(render(part) for part in parts) + ")"
        case Not(Comparison(path, Operator.EQUAL, value)):
            return f"{_name(path)} <> {_literal(value)}"
        case Comparison(path, Operator.LIKE, pattern):
            word, text = _beginning_or_end(str(pattern))
            return f"{_name(path)} {word} {_literal(text)}"
        case Comparison(path, operator, value):
            return f"{_name(path)}{SIGNS[operator]}{_literal(value)}"
    raise AssertionError(condition)


def _name(path: tuple[str, ...]) -> str:
    return "id" if path == DEVICE_ID else path[0]


def _literal(value: object) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"{Decimal(repr(value)):f}"


def _beginning_or_end(pattern: str) -> tuple[str, str]:
    pieces = pieces_of(pattern)
    if len(pieces) == 3:
        return "contains", pieces[1]
    return ("endsWith", pieces[1]) if pieces[1] else ("StartsWith", pieces[0])
