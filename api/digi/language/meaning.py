"""What one comparison stands for: its leaf of the tree, texts in small letters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from uuid import UUID

from api.digi.language.errors import QueryError
from api.digi.language.fields import DEVICE_ID, FIELDS, GROUP, GROUP_WITHIN, JOB_ID, Field
from api.digi.language.reading import Said, Term, read
from api.digi.language.words import OPERATORS, PATTERNS, RANGES, Kind, Word
from query.searching import folded
from query.tree import Comparison, Condition, Not, Operator
from query.tree import Field as Path
from query.wildcards import pattern_of

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DEVICE_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{8}){3}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Longer ones are beyond whatever they are compared with.
_MOST_DIGITS, _BEYOND = 300, 1e300
_RANGE: dict[Word, Operator] = {
    Word.LESS: Operator.LESS,
    Word.LESS_OR_SAME: Operator.LESS_OR_EQUAL,
    Word.GREATER: Operator.GREATER,
    Word.GREATER_OR_SAME: Operator.GREATER_OR_EQUAL,
}


def parse(text: str, fields: Mapping[str, Field] = FIELDS) -> Condition:
    """The condition that the text says of a job and one of its targets; raises QueryError.

    Without `id` of jobs among the `fields`, as of devices alone, every `id` is a device's.
    """
    return read(text, _Meaning(fields))


def field_named(
    name: str, at: int, fields: Mapping[str, Field] = FIELDS, *, parameter: str = "query"
) -> Field:
    """The field; raises QueryError."""
    field = fields.get(folded(name))
    if field is not None:
        return field
    near = get_close_matches(folded(name)[:64], fields, n=3, cutoff=0.6)
    expected = [f"a field such as {near[0]}", *near[1:]] if near else ["a field of jobs or devices"]
    raise QueryError(at, name, *expected, parameter=parameter)


@dataclass(frozen=True, slots=True)
class _Meaning:
    fields: Mapping[str, Field]

    def field(self, named: Said) -> Field:
        field = field_named(named.text, named.at, self.fields)
        if field.kind == Kind.TIMESTAMP:
            raise QueryError(named.at, named.text, "a field that is no timestamp")
        return field

    def condition(self, term: Term) -> Condition:
        kind = term.field.kind
        if term.word not in OPERATORS[kind]:
            raise QueryError(term.spelt.at, term.spelt.text, *OPERATORS[kind])
        match kind:
            case Kind.NUMERIC:
                return _compared((term.field.name,), term.word, number_of(term))
            case Kind.ENUMERATED:
                return _compared((term.field.name,), term.word, _word_of(term))
            case Kind.GROUP:
                return _in_group(term.word, folded(term.literal.text))
            case Kind.ID:
                return self.identified(term)
            case _:
                return _compared((term.field.name,), term.word, folded(term.literal.text))

    def identified(self, term: Term) -> Condition:
        """By digits alone a job, else a device."""
        text = folded(term.literal.text)
        is_job = re.fullmatch("[0-9]+", text) and term.word not in PATTERNS
        if is_job and "status" in self.fields:
            return _compared(JOB_ID, term.word, number_of(term))
        known = _DEVICE_ID.fullmatch(text)
        return _compared(DEVICE_ID, term.word, spelt_id(UUID(text)) if known else text)


def spelt_id(device_id: UUID) -> str:
    """As devices are known here, in small letters."""
    digits = device_id.hex
    return "-".join(digits[start : start + 8] for start in range(0, 32, 8))


def number_of(term: Term) -> int | float:
    """The number of the literal, quoted or not; raises QueryError."""
    text = term.literal.text
    if not _NUMBER.fullmatch(text):
        raise QueryError(term.literal.at, f"'{text}'", "a number")
    whole, _, fraction = text.partition(".")
    if len(whole) > _MOST_DIGITS:
        return -_BEYOND if text.startswith("-") else _BEYOND
    return float(text) if fraction else int(text)


def _word_of(term: Term) -> str:
    word = folded(term.literal.text)
    if word not in term.field.words:
        expected = [f"'{each}'" for each in term.field.words]
        raise QueryError(term.literal.at, f"'{term.literal.text}'", *expected)
    return word


def _in_group(word: Word, path: str) -> Condition:
    rooted = path if path.startswith("/") else f"/{path}"
    match word:
        case Word.STARTS_WITH:
            return _compared(GROUP_WITHIN, word, rooted)
        case Word.CONTAINS:
            return _compared(GROUP_WITHIN, word, path)
        case Word.ENDS_WITH:
            return _compared(GROUP, word, path.removesuffix("/"))
        case _:
            return _compared(GROUP, word, rooted.removesuffix("/") or "/")


def _compared(path: Path, word: Word, value: str | float) -> Condition:
    """What is not equal may be missing."""
    if word in RANGES:
        return Comparison(path, _RANGE[word], value)
    if word in PATTERNS:
        return Comparison(path, Operator.LIKE, _pattern(word, str(value)))
    same = Comparison(path, Operator.EQUAL, value)
    return Not(same) if word == Word.OTHER else same


def _pattern(word: Word, text: str) -> str:
    match word:
        case Word.STARTS_WITH:
            return pattern_of([text, ""])
        case Word.ENDS_WITH:
            return pattern_of(["", text])
        case _:
            return pattern_of(["", text, ""])
