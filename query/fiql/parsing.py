"""Text to tree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from query.compiling import compiled
from query.fiql.errors import Misread, Unnamed, shortened
from query.fiql.fields import NAMED, no_field, not_askable
from query.fiql.meaning import Question, condition_of
from query.fiql.reading import read
from query.fiql.sentences import LIMITS, Asked, Both, Denied, Either, Limits, Literal, Sentence
from query.fiql.words import NEGATIONS, Word
from query.listing import Listing
from query.tree import All, Condition, Not, Some, Unsupported

_WORDS = (Word.SAME, Word.OTHER, Word.IN, Word.OUT)
Named = Callable[[str], Condition]


def parse(
    text: str,
    listing: Listing,
    *,
    now: datetime | None = None,
    named: Named | None = None,
    limits: Limits = LIMITS,
) -> Condition:
    """The condition that the text says of the rows of a listing; raises Misread.

    `named` gives the condition of a saved filter or raises Unnamed; the listing says whether
    there are such. Its questions count as if they were written here.
    """
    sentence = read(text, limits)
    parser = _Parser(listing, now or datetime.now(UTC), named, limits)
    parser.terms = sum(1 for _ in questions(sentence))
    tree = parser.tree(sentence)
    parser.check()
    return tree


def questions(sentence: Sentence) -> Iterator[Asked]:
    """The questions of a sentence, from left to right."""
    match sentence:
        case Asked():
            yield sentence
        case Denied(part):
            yield from questions(part)
        case Both(parts) | Either(parts):
            for part in parts:
                yield from questions(part)


def names_of(sentence: Sentence) -> Iterator[tuple[Asked, Literal]]:
    """The names of the saved conditions that the sentence refers to, and where."""
    for asked in questions(sentence):
        if refers(asked):
            for literal in asked.values:
                yield asked, literal


def refers(asked: Asked) -> bool:
    return asked.selector.text.casefold() == NAMED


@dataclass(slots=True)
class _Parser:
    listing: Listing
    now: datetime
    named: Named | None
    limits: Limits
    terms: int = 0
    behind: list[tuple[Asked, Condition]] = field(default_factory=list)

    def tree(self, sentence: Sentence) -> Condition:
        match sentence:
            case Denied(part):
                return Not(self.tree(part))
            case Both(parts):
                return All(tuple(self.tree(part) for part in parts))
            case Either(parts):
                return Some(tuple(self.tree(part) for part in parts))
            case Asked() if self.listing.named and refers(sentence):
                return self.referred(sentence)
            case Asked():
                return self.read(sentence)

    def read(self, asked: Asked) -> Condition:
        question = self.question(asked)
        condition = condition_of(question)
        if question.is_in_map:
            self.behind.append((asked, condition))
        return condition

    def check(self) -> None:
        """What is behind a name in a MAP is known to its target alone; this takes its time."""
        for asked, condition in self.behind:
            try:
                compiled(condition, self.listing.target_of)
            except Unsupported as error:
                literal = asked.values[0] if asked.values else asked.selector
                message = f"At character {literal.start + 1}: {error}"
                raise Misread(literal.start, literal.text, (), message) from error

    def question(self, asked: Asked) -> Question:
        selector = asked.selector
        found = self.listing.find(selector.text)
        if found is None:
            raise no_field(self.listing, selector)
        column, rest = found
        if rest == ("",) or not (column.target_at if rest else column.target):
            raise not_askable(self.listing, selector)
        return Question(column, (column.name, *rest), asked, self.now)

    def referred(self, asked: Asked) -> Condition:
        if asked.word not in _WORDS:
            expected = tuple(word.value for word in _WORDS)
            message = f"“{asked.word}” cannot be asked of a filter; it takes {' '.join(expected)}"
            raise Misread(asked.word_at, asked.word, expected, message)
        parts = tuple(self.named_by(literal) for literal in asked.values)
        found = parts[0] if len(parts) == 1 else Some(parts)
        return Not(found) if asked.word in NEGATIONS else found

    def named_by(self, literal: Literal) -> Condition:
        try:
            found = (self.named or _nothing_named)(literal.text)
        except Unnamed as error:
            raise Misread(
                literal.start, literal.text, ("the name of a saved filter",), str(error)
            ) from error
        self.terms += terms_of(found) - 1
        if depth_of(found) > self.limits.depth:
            message = f"The filter “{shortened(literal.text)}” is too deep to be referred to"
            raise Misread(literal.start, literal.text, (), message)
        if self.terms > self.limits.terms:
            message = f"A condition asks at most {self.limits.terms} questions, with its filters'"
            raise Misread(literal.start, literal.text, (), message)
        return found


def terms_of(condition: Condition) -> int:
    """How many leaves the tree has."""
    match condition:
        case All(parts) | Some(parts):
            return sum(map(terms_of, parts))
        case Not(part):
            return terms_of(part)
        case _:
            return 1


def _nothing_named(_name: str) -> Condition:
    raise Unnamed("Saved filters cannot be referred to here")


def depth_of(condition: Condition) -> int:
    """How many combinations and denials are inside of one another."""
    match condition:
        case All(parts) | Some(parts):
            return 1 + max(map(depth_of, parts), default=0)
        case Not(part):
            return 1 + depth_of(part)
        case _:
            return 0
