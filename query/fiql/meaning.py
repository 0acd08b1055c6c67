"""What a question means for a column: decided here once, by the kind of the column.

A column of one value that is different, missing, or in no list is told apart by `Not`, which
takes in what is missing; a name in a MAP has to be there to be different.
"""

from dataclasses import dataclass
from datetime import datetime

from query.fiql import values
from query.fiql.errors import Misread
from query.fiql.sentences import Asked, Literal
from query.fiql.values import OURS, Pattern, Values
from query.fiql.words import NEGATIONS, OPERATORS, RANGES, Word, operators_of
from query.listing import Column, Kind
from query.tree import All, Bare, Comparison, Condition, Exists, Field, Not, Operator, Scalar, Some

_RANGES = {
    Word.LESS: Operator.LESS,
    Word.LESS_OR_SAME: Operator.LESS_OR_EQUAL,
    Word.GREATER: Operator.GREATER,
    Word.GREATER_OR_SAME: Operator.GREATER_OR_EQUAL,
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of which column; `field` is the column's name, and for a MAP the key."""

    column: Column
    field: Field
    asked: Asked
    now: datetime
    values: Values = OURS

    @property
    def is_in_map(self) -> bool:
        return len(self.field) > 1

    @property
    def kind(self) -> Kind:
        """A MAP without a key is asked for its keys."""
        is_of_keys = self.column.kind == Kind.MAP and not self.is_in_map
        return Kind.SET if is_of_keys else self.column.kind


def condition_of(question: Question) -> Condition:
    """The question as part of a tree; raises Misread."""
    asked = question.asked
    if asked.word not in OPERATORS[question.kind]:
        raise _no_operator(question)
    if asked.word in RANGES:
        return _ordered(question, asked.values[0])
    if asked.word == Word.FOUND:
        pattern = values.searched(asked.values[0])
        return Comparison(question.field, Operator.FOUND, pattern)
    if asked.word == Word.LIST:
        wanted = tuple(values.element(each) for each in asked.values)
        return Comparison(question.field, Operator.EQUAL, wanted)
    return _same(question)


def _same(question: Question) -> Condition:
    """Equality, to one value or to one of several, and its opposite."""
    asked, there = question.asked, Exists(question.field)
    is_denied = asked.word in NEGATIONS
    if asked.word in {Word.IN, Word.OUT}:
        return _unless(question, _one_of(question, asked.values), is_denied)
    literal = asked.values[0]
    if _is_null(asked.word, literal):
        return there if is_denied else Not(there)
    if not literal.text and question.is_in_map:
        empty = Comparison(question.field, Operator.EQUAL, "")
        return All((there, Not(empty))) if is_denied else Some((Not(there), empty))
    if not literal.text:
        return there if is_denied else Not(there)
    return _unless(question, _equal(question, literal), is_denied)


def _unless(question: Question, condition: Condition, is_denied: bool) -> Condition:
    if not is_denied:
        return condition
    denied = Not(condition)
    return All((Exists(question.field), denied)) if question.is_in_map else denied


def _equal(question: Question, literal: Literal) -> Condition:
    if literal.text == "*":
        return Exists(question.field)
    if question.kind == Kind.MOMENT:
        return _at(question, literal)
    value = question.values.similar(_column(question), literal)
    if not isinstance(value, Pattern):
        return Comparison(question.field, Operator.EQUAL, value)
    if value.text == "*":
        return Exists(question.field)
    return Comparison(question.field, Operator.LIKE, value.text)


def _one_of(question: Question, literals: tuple[Literal, ...]) -> Condition:
    """One is equality; what is empty is missing, but for a text in a MAP."""
    if question.kind == Kind.MOMENT:
        times = [_at(question, each) for each in literals]
        return times[0] if len(times) == 1 else Some(tuple(times))
    is_missing = not question.is_in_map and any(not each.text for each in literals)
    told = [each for each in literals if each.text or question.is_in_map]
    parts: list[Condition] = [Not(Exists(question.field))] if is_missing else []
    wanted = tuple(question.values.exact(_column(question), each) for each in told)
    if wanted:
        parts.append(_among(question.field, wanted))
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def _among(field: Field, wanted: tuple[Scalar | Bare, ...]) -> Comparison:
    if len(wanted) == 1:
        return Comparison(field, Operator.EQUAL, wanted[0])
    return Comparison(field, Operator.IN, wanted)


def _ordered(question: Question, literal: Literal) -> Condition:
    operator = _RANGES[question.asked.word]
    if question.kind != Kind.MOMENT:
        value = question.values.exact(_column(question), literal)
        return Comparison(question.field, operator, value)
    first, last = question.values.time_of(question.column, literal, question.now)
    is_after = operator in {Operator.LESS_OR_EQUAL, Operator.GREATER}
    return Comparison(question.field, operator, last if is_after else first)


def _at(question: Question, literal: Literal) -> Condition:
    """At a moment, or at any on a day."""
    first, last = question.values.time_of(question.column, literal, question.now)
    if first == last:
        return Comparison(question.field, Operator.EQUAL, first)
    since = Comparison(question.field, Operator.GREATER_OR_EQUAL, first)
    return All((since, Comparison(question.field, Operator.LESS_OR_EQUAL, last)))


def _column(question: Question) -> Column:
    """The column as its values are to be read: the keys of a MAP are texts."""
    return _KEYS if question.kind == Kind.SET else question.column


_KEYS = Column(name="", kind=Kind.SET, help="")


def _is_null(word: Word, literal: Literal) -> bool:
    is_word = not literal.is_quoted and literal.text.lower() == "null"
    return word in {Word.IS, Word.IS_NOT} and is_word


def _no_operator(question: Question) -> Misread:
    asked = question.asked
    expected = operators_of(question.kind)
    message = (
        f"“{asked.word}” cannot be asked of {question.column.name}, a {question.kind};"
        f" it takes {' '.join(expected)}"
    )
    return Misread(asked.word_at, asked.word, expected, message)
