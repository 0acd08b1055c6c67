"""A text without references to saved conditions: these are written out in their places."""

from collections.abc import Callable

from query.fiql.parsing import names_of, questions, refers
from query.fiql.reading import read
from query.fiql.sentences import Asked, Limits
from query.fiql.words import NEGATIONS

# What a text may come to with all that it refers to.
EXPANDED = Limits(length=65_536, depth=64)


def expanded(text: str, spelt: Callable[[str], str], limits: Limits = EXPANDED) -> str:
    """`spelt` gives the text of a condition by its name. Times stay as they are written.

    Raises Misread, and what `spelt` raises.
    """
    pieces, position = list[str](), 0
    for asked in questions(read(text, limits)):
        if refers(asked):
            pieces += [text[position : asked.start], _written_out(asked, spelt)]
            position = asked.end
    return "".join([*pieces, text[position:]])


def names_in(text: str) -> set[str]:
    """The names that the text refers to; raises Misread."""
    return {literal.text for _asked, literal in names_of(read(text, EXPANDED))}


def _written_out(asked: Asked, spelt: Callable[[str], str]) -> str:
    found = f"({','.join(f'({spelt(literal.text)})' for literal in asked.values)})"
    found = found[1:-1] if len(asked.values) == 1 else found
    return f"!{found}" if asked.word in NEGATIONS else found
