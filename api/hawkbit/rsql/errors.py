"""What can be wrong with a condition in RSQL, as far as hawkBit tells it apart."""

from query.fiql.errors import Misread, shortened
from query.fiql.sentences import Literal


class NoSuchField(Misread):
    """A field that the list does not have, or a word that is none of those the field takes."""


def no_field(selector: Literal) -> NoSuchField:
    message = (
        f"The given search parameter field {{{shortened(selector.text)}}} does not exist,"
        " or has to be asked for with another name behind it"
    )
    return NoSuchField(selector.start, selector.text, (), message)


def no_word(field: str, literal: Literal, words: tuple[str, ...]) -> NoSuchField:
    message = f"Value of {field} must be one of the following: [{', '.join(words)}]"
    return NoSuchField(literal.start, literal.text, words, message)
