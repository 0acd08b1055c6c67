"""Text to sentences: what stands where, without knowing of any column.

or    = and *( ("," | " or ") and )
and   = part *( (";" | " and ") part )
part  = "(" or ")" | "!" "(" or ")" | field operator value
field = a run of characters, and quoted runs inside of it
value = run | quoted | "(" value *( "," value ) ")"
"""

import re
from dataclasses import dataclass

from query.fiql.errors import Misread
from query.fiql.sentences import LIMITS, Asked, Both, Denied, Either, Limits, Literal, Sentence
from query.fiql.words import (
    BLANKS,
    ESCAPED,
    FIQL,
    LISTS,
    OPERATOR,
    QUOTED,
    RUN,
    SPELLINGS,
    Grammar,
    Word,
)

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def read(text: str, limits: Limits = LIMITS, grammar: Grammar = FIQL) -> Sentence:
    """The text as a sentence; raises Misread."""
    if len(text) > limits.length:
        message = f"A condition has at most {limits.length} characters, this one {len(text)}"
        raise Misread(limits.length, text[limits.length :], (), message)
    if found := _UNSTORABLE.search(text):
        message = f"Character {found.start() + 1} is one that no text may hold"
        raise Misread(found.start(), "", (), message)
    return _Reader(text, limits, grammar).whole()


@dataclass(slots=True)
class _Reader:
    text: str
    limits: Limits
    grammar: Grammar
    position: int = 0
    depth: int = 0
    terms: int = 0

    def whole(self) -> Sentence:
        sentence = self.alternatives()
        if self.position < len(self.text):
            raise self.misread("“;”", "“,”", "“and”", "“or”", "the end")
        return sentence

    def alternatives(self) -> Sentence:
        parts = [self.conjunction()]
        while self.takes(",", "or"):
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def conjunction(self) -> Sentence:
        parts = [self.part()]
        while self.takes(";", "and"):
            parts.append(self.part())
        return parts[0] if len(parts) == 1 else Both(tuple(parts))

    def part(self) -> Sentence:
        self.skip_blanks()
        if self.peek() == "(":
            return self.in_parentheses()
        if self.peek() == "!" and self.grammar.has_denial:
            self.position += 1
            self.skip_blanks()
            if self.peek() != "(":
                raise self.misread("“(”")
            return Denied(self.in_parentheses())
        return self.question()

    def in_parentheses(self) -> Sentence:
        self.depth += 1
        if self.depth > self.limits.depth:
            message = f"Parentheses are at most {self.limits.depth} deep"
            raise Misread(self.position, self.found(), (), message)
        self.position += 1
        sentence = self.alternatives()
        self.close("“;”", "“,”")
        self.depth -= 1
        return sentence

    def question(self) -> Asked:
        start = self.position
        self.terms += 1
        if self.terms > self.limits.terms:
            message = f"A condition asks at most {self.limits.terms} questions"
            raise Misread(start, self.found(), (), message)
        selector = self.selector()
        self.skip_blanks()
        word_at, word = self.position, self.operator()
        self.skip_blanks()
        is_list = self.peek() == "("
        values = self.values(word) if is_list else (self.value(),)
        end = self.position
        self.skip_blanks()
        return Asked(selector, word, word_at, values, start, end, is_list)

    def selector(self) -> Literal:
        start, pieces = self.position, list[str]()
        while True:
            if run := RUN.match(self.text, self.position):
                pieces.append(run[0])
                self.position = run.end()
            elif pieces and self.grammar.has_quoted_names and self.peek() in {"'", '"'}:
                pieces.append(self.quoted().text)
            else:
                break
        if not pieces:
            raise self.misread("a field")
        return Literal("".join(pieces), start, self.position)

    def operator(self) -> Word:
        found = OPERATOR.match(self.text, self.position)
        word = SPELLINGS.get(found[0].lower()) if found else None
        if found is None or word is None or word not in self.grammar.words:
            what = found[0] if found else self.found()
            raise Misread(self.position, what, self.spellings(), _no_operator(self, what))
        self.position = found.end()
        return word

    def spellings(self) -> tuple[str, ...]:
        words = self.grammar.words
        return tuple(spelling for spelling, word in SPELLINGS.items() if word in words)

    def values(self, word: Word) -> tuple[Literal, ...]:
        if word not in LISTS:
            message = f"“{word}” takes one value; several are for “=in=” and “=out=”"
            raise Misread(self.position, "(", ("a value",), message)
        self.position += 1
        self.skip_blanks()
        if word == Word.LIST and self.peek() == ")":
            self.position += 1
            return ()
        found = [self.value()]
        self.skip_blanks()
        while self.peek() == ",":
            if len(found) == self.limits.values:
                message = f"A list has at most {self.limits.values} values"
                raise Misread(self.position, ",", (), message)
            self.position += 1
            self.skip_blanks()
            found.append(self.value())
            self.skip_blanks()
        self.close("“,”")
        return tuple(found)

    def value(self) -> Literal:
        if self.peek() in {"'", '"'}:
            return self.quoted()
        run = RUN.match(self.text, self.position)
        if run is None:
            raise self.misread("a value")
        self.position = run.end()
        return Literal(run[0], run.start(), run.end())

    def quoted(self) -> Literal:
        found = QUOTED.match(self.text, self.position)
        if found is None:
            quote = self.peek()
            message = f"The text that begins at character {self.position + 1} has no end: {quote}"
            raise Misread(self.position, self.text[self.position :], (quote,), message)
        self.position = found.end()
        text = ESCAPED.sub(r"\1", found[1] if found[1] is not None else found[2])
        return Literal(text, found.start(), found.end(), is_quoted=True)

    def takes(self, sign: str, word: str) -> bool:
        """Step over the sign or the word, if one of them is next."""
        self.skip_blanks()
        if self.peek() == sign:
            self.position += 1
            return True
        run = RUN.match(self.text, self.position)
        if run is None or run[0].lower() != word:
            return False
        self.position = run.end()
        return True

    def close(self, *others: str) -> None:
        self.skip_blanks()
        if self.peek() != ")":
            raise self.misread(*others, "“)”")
        self.position += 1
        self.skip_blanks()

    def skip_blanks(self) -> None:
        found = BLANKS.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def found(self) -> str:
        run = RUN.match(self.text, self.position)
        return run[0] if run else self.peek()

    def misread(self, *expected: str) -> Misread:
        return Misread(self.position, self.found(), expected)


def _no_operator(reader: _Reader, what: str) -> str:
    found = f"“{what}”" if what else "the end"
    known = " ".join(word.value for word in Word if word in reader.grammar.words)
    return f"At character {reader.position + 1} {found} is no operator; there are {known}"
