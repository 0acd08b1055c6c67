"""The words of the language: operators with all of their spellings, and what makes up the rest."""

import re
from dataclasses import dataclass
from enum import StrEnum

from query.listing import Kind


class Word(StrEnum):
    """An operator, by the spelling that we write."""

    SAME = "=="
    OTHER = "!="
    IS = "=is="
    IS_NOT = "=not="
    LESS = "=lt="
    LESS_OR_SAME = "=le="
    GREATER = "=gt="
    GREATER_OR_SAME = "=ge="
    IN = "=in="
    OUT = "=out="
    # These two are ours alone: so that whatever can be asked for can be written.
    FOUND = "=regex="
    LIST = "=list="


SPELLINGS = {
    **{word.value: word for word in Word},
    "=eq=": Word.IS,
    "=ne=": Word.IS_NOT,
    "<": Word.LESS,
    "<=": Word.LESS_OR_SAME,
    ">": Word.GREATER,
    ">=": Word.GREATER_OR_SAME,
}
RANGES = frozenset({Word.LESS, Word.LESS_OR_SAME, Word.GREATER, Word.GREATER_OR_SAME})


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a dialect has of the language: its operators, `!( … )`, quotes in names of fields."""

    words: frozenset[Word] = frozenset(Word)
    has_denial: bool = True
    has_quoted_names: bool = True


FIQL = Grammar()
# What hawkBit reads.
RSQL = Grammar(
    words=frozenset(Word) - {Word.FOUND, Word.LIST}, has_denial=False, has_quoted_names=False
)
NEGATIONS = frozenset({Word.OTHER, Word.IS_NOT, Word.OUT})
LISTS = frozenset({Word.IN, Word.OUT, Word.LIST})
_EXACT = frozenset({Word.SAME, Word.OTHER, Word.IS, Word.IS_NOT, Word.IN, Word.OUT})
_TEXTUAL = _EXACT | RANGES | {Word.FOUND}
OPERATORS = {
    Kind.TEXT: _TEXTUAL,
    Kind.SET: _TEXTUAL,
    Kind.MAP: _TEXTUAL | {Word.LIST},
    Kind.NUMBER: _EXACT | RANGES,
    Kind.MOMENT: _EXACT | RANGES,
    Kind.CHOICE: _EXACT,
    Kind.BOOLEAN: _EXACT,
    Kind.ID: _EXACT,
}

BLANKS = re.compile(r"[ \t\r\n]*")
RUN = re.compile(r"""[^"'();,=!~<> \t\r\n]+""")
QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
OPERATOR = re.compile(r"=[A-Za-z]*=|!=|<=|>=|<|>")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def operators_of(kind: Kind) -> tuple[str, ...]:
    """The operators that a column of the kind takes, in the order of this module."""
    return tuple(word.value for word in Word if word in OPERATORS[kind])
