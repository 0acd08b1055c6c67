"""What a term of the query, or the values of a criterion, ask of a device."""

from api.carbonblack.search.fields import NAMES, SEARCHED
from api.carbonblack.search.reading import Term
from query.fiql.errors import Misread, shortened
from query.listing import Column, Kind, Listing
from query.searching import folded
from query.tree import Comparison, Condition, Exists, Not, Operator, Some
from query.wildcards import is_like, pattern_of, pieces_of


def one_of(column: Column, values: tuple[str, ...]) -> Condition:
    """Its value is one of these; an empty one stands for none at all."""
    there = tuple(spelt(column, value) for value in values if value)
    asked = Comparison((column.name,), Operator.IN, there)
    if len(there) == len(values):
        return asked
    missing = Not(Exists((column.name,)))
    return Some((missing, asked)) if there else missing


def spelt(column: Column, value: str) -> str:
    """The value as the field has it: words as they are declared, texts in small letters."""
    if column.kind != Kind.CHOICE:
        return folded(value)
    return next((word for word in column.choices if folded(word) == folded(value)), value)


def meant(term: Term, fields: Listing) -> Condition:
    """What the term asks; raises Misread for a field or a word that there is not."""
    if not term.field:
        return _found(term)
    column = fields.by_name.get(folded(term.field))
    if column is None or column.name not in NAMES:
        raise _no_field(term)
    if column.kind == Kind.CHOICE:
        return Comparison((column.name,), Operator.IN, _words(term, column))
    if term.pattern is None:
        return one_of(column, (term.value,))
    return Comparison((column.name,), Operator.LIKE, folded(term.pattern))


def _found(term: Term) -> Condition:
    """It stands somewhere in the name or the last address."""
    pieces = [term.value] if term.pattern is None else pieces_of(term.pattern)
    pattern = folded(pattern_of(["", *pieces, ""]))
    return Some(tuple(Comparison((name,), Operator.LIKE, pattern) for name in SEARCHED))


def _words(term: Term, column: Column) -> tuple[str, ...]:
    if term.pattern is not None:
        pattern = folded(term.pattern)
        return tuple(word for word in column.choices if is_like(pattern, folded(word)))
    word = spelt(column, term.value)
    if word not in column.choices:
        message = f"{column.name} takes one of {', '.join(column.choices)}"
        raise Misread(term.value_at, term.value, column.choices, message)
    return (word,)


def _no_field(term: Term) -> Misread:
    message = (
        f"There is no field “{shortened(term.field)}”; there are {', '.join(NAMES)}."
        " A text with a colon stands in quotes"
    )
    return Misread(term.start, term.field, NAMES, message)
