"""Text to tree: the grammar.

or    = and { "or" and }
and   = prim { "and" prim }
prim  = "(" or ")" | field operator literal
"""

import re
from dataclasses import dataclass
from typing import Protocol

from api.digi.language.errors import QueryError
from api.digi.language.fields import Field
from api.digi.language.words import SPELLINGS, Word
from query.tree import All, Condition, Some

BYTES, DEPTH, TERMS = 8192, 32, 200
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\r\n]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_RELATION = re.compile(r"<>|<=|>=|=|<|>")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.])")
# The seed has typographic quotes: each may open, and what it opens ends at any quote.
_TEXT = re.compile(r"'((?:[^']|'')*)'(?!')|[‘’]([^'‘’]*)['‘’]")
# What is told of a text that nothing fits.
_RUN = re.compile(r"[A-Za-z0-9_.-]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the text, and where it begins; of a literal, what it stands for."""

    text: str
    at: int
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One question: a field, an operator and what to compare with."""

    field: Field
    named: Said
    word: Word
    spelt: Said
    literal: Said


class Meaning(Protocol):
    """What the names and the questions stand for; both raise QueryError."""

    def field(self, named: Said) -> Field: ...

    def condition(self, term: Term) -> Condition: ...


def read(text: str, meaning: Meaning) -> Condition:
    """The tree of the text; raises QueryError."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > BYTES:
        raise QueryError(BYTES, f"{size} bytes", f"at most {BYTES}")
    if found := _UNSTORABLE.search(text):
        raise QueryError(found.start(), "a character that no text may hold", "another one")
    return _Reader(text, meaning).whole()


@dataclass(slots=True)
class _Reader:
    text: str
    meaning: Meaning
    at: int = 0
    depth: int = 0
    terms: int = 0

    def whole(self) -> Condition:
        condition = self.alternatives()
        if self.at < len(self.text):
            raise self.misread("“and”", "“or”", "the end")
        return condition

    def alternatives(self) -> Condition:
        parts = [self.conjunction()]
        while self.takes("or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def conjunction(self) -> Condition:
        parts = [self.part()]
        while self.takes("and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def part(self) -> Condition:
        self.skip_blanks()
        if self.text[self.at : self.at + 1] != "(":
            return self.term()
        self.depth += 1
        if self.depth > DEPTH:
            raise self.misread(f"parentheses at most {DEPTH} deep")
        self.at += 1
        condition = self.alternatives()
        if self.text[self.at : self.at + 1] != ")":
            raise self.misread("“and”", "“or”", "“)”")
        self.at += 1
        self.depth -= 1
        self.skip_blanks()
        return condition

    def term(self) -> Condition:
        self.terms += 1
        if self.terms > TERMS:
            raise self.misread(f"at most {TERMS} comparisons")
        named = self.piece(_NAME)
        if named is None:
            raise self.misread("a field", "“(”")
        field = self.meaning.field(named)
        self.skip_blanks()
        spelt = self.piece(_RELATION) or self.piece(_NAME)
        word = SPELLINGS.get(spelt.text.lower()) if spelt else None
        if spelt is None or word is None:
            self.at = spelt.at if spelt else self.at
            raise self.misread(*Word)
        self.skip_blanks()
        literal = self.literal()
        self.skip_blanks()
        return self.meaning.condition(Term(field, named, word, spelt, literal))

    def piece(self, pattern: re.Pattern[str]) -> Said | None:
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return Said(found[0], found.start())

    def literal(self) -> Said:
        if number := self.piece(_NUMBER):
            return number
        found = _TEXT.match(self.text, self.at)
        if found is None:
            raise self.misread("a number", "a text in single quotes")
        self.at = found.end()
        plain, typographic = found.groups()
        text = plain.replace("''", "'") if plain is not None else typographic
        return Said(text, found.start(), is_quoted=True)

    def takes(self, word: str) -> bool:
        """Step over the word, if it is next."""
        found = _NAME.match(self.text, self.at)
        if found is None or found[0].lower() != word:
            return False
        self.at = found.end()
        return True

    def skip_blanks(self) -> None:
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def misread(self, *expected: str) -> QueryError:
        found = _RUN.match(self.text, self.at)
        return QueryError(self.at, found[0] if found else "", *expected)
