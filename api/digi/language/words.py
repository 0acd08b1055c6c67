"""Operators, the kinds of fields, and which of these takes which."""

from enum import StrEnum


class Word(StrEnum):
    """An operator as Digi spells it."""

    SAME = "="
    OTHER = "<>"
    LESS = "<"
    LESS_OR_SAME = "<="
    GREATER = ">"
    GREATER_OR_SAME = ">="
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    CONTAINS = "contains"


class Kind(StrEnum):
    """What the values of a field are; of a version, what is more or less is told as of those."""

    NUMERIC = "numeric"
    TEXT = "text"
    VERSION = "version"
    ENUMERATED = "enumerated"
    GROUP = "group"
    TAGS = "tags"
    TIMESTAMP = "timestamp"
    ID = "id"


SPELLINGS = {word.lower(): word for word in Word}
EQUALITIES = (Word.SAME, Word.OTHER)
RANGES = (Word.LESS, Word.LESS_OR_SAME, Word.GREATER, Word.GREATER_OR_SAME)
PATTERNS = (Word.STARTS_WITH, Word.ENDS_WITH, Word.CONTAINS)
# Source: Digi, v1/jobs, query operators.
OPERATORS: dict[Kind, tuple[Word, ...]] = {
    Kind.NUMERIC: EQUALITIES + RANGES,
    Kind.TEXT: EQUALITIES + RANGES + PATTERNS,
    Kind.VERSION: EQUALITIES + RANGES + PATTERNS,
    Kind.ENUMERATED: EQUALITIES,
    Kind.GROUP: EQUALITIES + PATTERNS,
    Kind.TAGS: EQUALITIES + PATTERNS,
    Kind.TIMESTAMP: (),
    Kind.ID: EQUALITIES + RANGES + PATTERNS,
}
