"""Text to tree, as hawkBit reads it."""

from dataclasses import dataclass, replace

from api.hawkbit.rsql.errors import no_field, no_word
from api.hawkbit.rsql.macros import Clock, written_out
from api.hawkbit.rsql.values import VALUES
from query.fiql.meaning import Question, condition_of
from query.fiql.reading import read
from query.fiql.sentences import LIMITS, Asked, Both, Denied, Either, Limits, Literal, Sentence
from query.fiql.words import RSQL
from query.listing import Column, Kind, Listing
from query.searching import folded
from query.tree import All, Condition, Not, Some


def parse(text: str, listing: Listing, clock: Clock, limits: Limits = LIMITS) -> Condition:
    """The condition that the text says of the rows of a listing; raises Misread."""
    return _Parser(listing, clock).tree(read(folded(text), limits, RSQL))


@dataclass(frozen=True, slots=True)
class _Parser:
    listing: Listing
    clock: Clock

    def tree(self, sentence: Sentence) -> Condition:
        match sentence:
            case Asked():
                return self.asked(sentence)
            case Both(parts):
                return All(tuple(self.tree(part) for part in parts))
            case Either(parts):
                return Some(tuple(self.tree(part) for part in parts))
            case Denied(part):
                return Not(self.tree(part))

    def asked(self, asked: Asked) -> Condition:
        column, rest = self.field(asked.selector)
        values = tuple(self.value(each) for each in asked.values)
        if column.kind == Kind.CHOICE and (starred := next(filter(_has_star, values), None)):
            raise no_word(column.name, starred, column.choices)
        told = replace(asked, values=values)
        return condition_of(Question(column, (column.name, *rest), told, self.clock.now, VALUES))

    def field(self, selector: Literal) -> tuple[Column, tuple[str, ...]]:
        found = self.listing.find(selector.text)
        if found is None:
            raise no_field(selector)
        column, rest = found
        if rest == ("",) or not (column.target_at if rest else column.target):
            raise no_field(selector)
        return column, rest

    def value(self, literal: Literal) -> Literal:
        return replace(literal, text=written_out(literal.text, self.clock))


def _has_star(literal: Literal) -> bool:
    return "*" in literal.text
