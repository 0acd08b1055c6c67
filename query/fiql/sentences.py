"""What a text says, before anybody asks what it means: questions, and how they are combined."""

from dataclasses import dataclass

from query.fiql.words import Word


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a text may be, how deep its parentheses, how many its questions and values."""

    length: int = 4_096
    depth: int = 32
    terms: int = 100
    values: int = 500


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it stands in the text, from `start` to before `end`."""

    text: str
    start: int
    end: int
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: `selector` names the field; `start` to before `end` is all of it."""

    selector: Literal
    word: Word
    word_at: int
    values: tuple[Literal, ...]
    start: int
    end: int
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Denied:
    part: "Sentence"


@dataclass(frozen=True, slots=True)
class Both:
    """All of at least two parts."""

    parts: tuple["Sentence", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Any of at least two parts."""

    parts: tuple["Sentence", ...]


Sentence = Asked | Denied | Both | Either
