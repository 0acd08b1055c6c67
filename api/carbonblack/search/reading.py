r"""The query text of a device search, read into a tree.

q    = or
or   = and { "OR" and }
and  = not { [ "AND" ] not }
not  = [ "NOT" ] prim
prim = "(" or ")" | [ field ":" ] ( word | '"' text '"' )

Operators are in capitals; `*` in a word is any run of characters, in quotes it is itself. A
backslash before a sign of the language is that sign, as the public client's query builder writes
it. Source: Carbon Black, Devices API, query; its field names and operators alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from query.fiql.errors import Misread
from query.fiql.sentences import LIMITS, Limits
from query.tree import All, Condition, Not, Some
from query.wildcards import pattern_of

_BLANKS = re.compile(r"\s*")
_SIGNS = r'+\-&|!(){}\[\]^"~*?:\\/ '
# Each character can be read in one way only: else what has no end would be tried in every way.
_PLAIN = rf"\\[{_SIGNS}]|\\(?![{_SIGNS}])"
_WORD = re.compile(rf'(?:{_PLAIN}|[^\s()"\\])+')
_FIELD = re.compile(rf'((?:{_PLAIN}|[^\s()":\\])*):')
_QUOTED = re.compile(r'"((?:\\["\\]|\\(?!["\\])|[^"\\])*)"', re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r'\\(["\\])')
_PIECE = re.compile(rf"\\([{_SIGNS}])|(\*)|(.)", re.DOTALL)
_OPERATORS = frozenset({"AND", "OR", "NOT"})
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_WANTED = ("a word", "a text in quotes", "“(”")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a quoted text; `field` is empty where it stands alone.

    `value` is what is meant literally; `pattern` is it with its wildcards (`query.wildcards`), None
    if there are none. `start` and `value_at` are where in the text it and its value begin.
    """

    field: str
    value: str
    pattern: str | None
    start: int
    value_at: int


def read(text: str, meaning: Callable[[Term], Condition], limits: Limits = LIMITS) -> Condition:
    """The text as a condition, whose terms `meaning` tells; raises Misread, as `meaning` may.

    A blank text is so of everything.
    """
    if len(text) > limits.length:
        message = f"A query has at most {limits.length} characters, this one {len(text)}"
        raise Misread(limits.length, text[limits.length :], (), message)
    if found := _UNSTORABLE.search(text):
        message = f"Character {found.start() + 1} is one that no text may hold"
        raise Misread(found.start(), "", (), message)
    return _Reader(text, meaning, limits).whole()


@dataclass(slots=True)
class _Reader:
    text: str
    meaning: Callable[[Term], Condition]
    limits: Limits
    position: int = 0
    depth: int = 0
    terms: int = 0

    def whole(self) -> Condition:
        self.skip_blanks()
        if self.is_at_end():
            return All(())
        condition = self.alternatives()
        if not self.is_at_end():
            raise self.misread("“AND”", "“OR”", "the end")
        return condition

    def alternatives(self) -> Condition:
        parts = [self.conjunction()]
        while self.takes("OR"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def conjunction(self) -> Condition:
        parts = [self.part()]
        while self.takes("AND") or self.has_neighbour():
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def part(self) -> Condition:
        is_denied = self.takes("NOT")
        condition = self.in_parentheses() if self.peek() == "(" else self.term()
        self.skip_blanks()
        return Not(condition) if is_denied else condition

    def in_parentheses(self) -> Condition:
        self.depth += 1
        if self.depth > self.limits.depth:
            message = f"Parentheses are at most {self.limits.depth} deep"
            raise Misread(self.position, "(", (), message)
        self.position += 1
        self.skip_blanks()
        condition = self.alternatives()
        if self.peek() != ")":
            raise self.misread("“AND”", "“OR”", "“)”")
        self.position += 1
        self.depth -= 1
        return condition

    def term(self) -> Condition:
        self.terms += 1
        if self.terms > self.limits.terms:
            message = f"A query has at most {self.limits.terms} terms"
            raise Misread(self.position, self.found(), (), message)
        if self.word() in _OPERATORS:
            raise self.misread(*_WANTED)
        start, field = self.position, self.field()
        value_at = self.position
        value, pattern = self.value(is_alone=field is None)
        return self.meaning(Term(field or "", value, pattern, start, value_at))

    def field(self) -> str | None:
        """What stands before a colon; None where there is none."""
        found = _FIELD.match(self.text, self.position)
        if found is None:
            return None
        if not found[1]:
            raise self.misread("a field", *_WANTED)
        self.position = found.end()
        return found[1]

    def value(self, *, is_alone: bool) -> tuple[str, str | None]:
        if self.peek() == '"':
            return self.quoted(is_alone=is_alone), None
        word = self.word()
        if not word:
            raise self.misread(*_WANTED[: 3 if is_alone else 2])
        self.position += len(word)
        return _unescaped(word)

    def quoted(self, *, is_alone: bool) -> str:
        found = _QUOTED.match(self.text, self.position)
        if found is None:
            message = f'The text that begins at character {self.position + 1} has no end: “"”'
            raise Misread(self.position, self.text[self.position :], ('“"”',), message)
        if is_alone and not found[1]:
            raise self.misread("a text that is not empty")
        self.position = found.end()
        return _ESCAPED_IN_QUOTES.sub(r"\1", found[1])

    def takes(self, operator: str) -> bool:
        """Step over the operator and the blanks behind it, if it is next."""
        if self.word() != operator:
            return False
        self.position += len(operator)
        self.skip_blanks()
        return True

    def has_neighbour(self) -> bool:
        return not self.is_at_end() and self.peek() != ")" and self.word() != "OR"

    def skip_blanks(self) -> None:
        found = _BLANKS.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def is_at_end(self) -> bool:
        return self.position >= len(self.text)

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def word(self) -> str:
        found = _WORD.match(self.text, self.position)
        return found[0] if found else ""

    def found(self) -> str:
        return self.word() or self.peek()

    def misread(self, *expected: str) -> Misread:
        return Misread(self.position, self.found(), expected)


def _unescaped(word: str) -> tuple[str, str | None]:
    """The word without its backslashes, and as a pattern if a star of it is a wildcard."""
    pieces, has_star = [""], False
    for escaped, star, plain in _PIECE.findall(word):
        if star:
            pieces.append("")
            has_star = True
        else:
            pieces[-1] += escaped or plain
    return "*".join(pieces), pattern_of(pieces) if has_star else None
