"""A filter as people see it: its conditions as chips, and the place of a mistake in it."""

from dataclasses import dataclass

from query.fiql.composing import Part
from query.fiql.errors import Misread
from query.fiql.sentences import Asked
from query.fiql.words import Word

# Longer ones do not fit into the field: the text is repeated above the caret.
LONG = 64
EXPECTED = 16
SIGNS = {
    Word.SAME: "is",
    Word.OTHER: "is not",
    Word.IS: "is",
    Word.IS_NOT: "is not",
    Word.LESS: "is below",
    Word.LESS_OR_SAME: "is at most",
    Word.GREATER: "is above",
    Word.GREATER_OR_SAME: "is at least",
    Word.IN: "is one of",
    Word.OUT: "is none of",
    Word.FOUND: "matches",
    Word.LIST: "is the list",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition; `rest` is the filter without it. `field` is empty where it is several."""

    text: str
    rest: str
    field: str = ""
    sign: str = ""
    value: str = ""

    @property
    def said(self) -> str:
        return f"{self.field} {self.sign} {self.value}" if self.field else self.text


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong where: the text in three pieces, as many blanks as stand before the place."""

    before: str
    found: str
    behind: str
    sentence: str
    expected: tuple[str, ...]
    character: int

    @property
    def says_where(self) -> bool:
        return f"haracter {self.character}" in self.sentence

    @property
    def blanks(self) -> str:
        return " " * len(self.before)

    @property
    def is_long(self) -> bool:
        return len(self.before + self.found + self.behind) > LONG


def chip_of(part: Part) -> Chip:
    if part.asked is None:
        return Chip(part.text, part.rest)
    sign, value = _said(part.asked)
    return Chip(part.text, part.rest, part.asked.selector.text, sign, value)


def mistake_in(text: str, misread: Misread) -> Mistake:
    """The mistake in the text as it was typed."""
    start = min(misread.position, len(text))
    is_there = bool(misread.found) and text.startswith(misread.found, start)
    end = start + len(misread.found) if is_there else start
    sentence = misread.message.rstrip(".")
    expected = () if any(each in sentence for each in misread.expected) else misread.expected
    return Mistake(
        before=text[:start],
        found=text[start:end],
        behind=text[end:],
        sentence=f"{sentence}.",
        expected=expected[:EXPECTED],
        character=misread.position + 1,
    )


def _said(asked: Asked) -> tuple[str, str]:
    """Sign and value; an empty text is to be seen as well."""
    values = ", ".join(literal.text for literal in asked.values)
    if asked.word in {Word.IS, Word.IS_NOT} and values.casefold() == "null":
        return "is", "set" if asked.word == Word.IS_NOT else "not set"
    return SIGNS[asked.word], values or "empty"
