"""Texts put together and taken apart as they were written: `now-7d` stays what it says."""

from collections.abc import Iterator
from dataclasses import dataclass

from query.fiql.parsing import questions
from query.fiql.reading import read
from query.fiql.sentences import Asked, Both, Either, Sentence
from query.fiql.words import QUOTED

_BEFORE = " \t\r\n(!"
_BEHIND = " \t\r\n)"


@dataclass(frozen=True, slots=True)
class Part:
    """One of the conditions that all hold; `rest` is the text without it.

    `asked` is None where it is more than one question.
    """

    text: str
    rest: str
    asked: Asked | None


def joined(*texts: str) -> str:
    """One text for all of them together, empty ones left out; raises Misread."""
    told = [text for text in texts if text]
    if len(told) == 1:
        return told[0]
    return ";".join(f"({text})" if isinstance(read(text), Either) else text for text in told)


def parts_of(text: str) -> list[Part]:
    """The conditions that all have to hold, from left to right; raises Misread."""
    sentence = read(text)
    sentences = sentence.parts if isinstance(sentence, Both) else (sentence,)
    whole = len(sentences) == 1
    spans = [(0, len(text))] if whole else [_span(text, each) for each in sentences]
    pieces = [text[start:end].strip() for start, end in spans]
    return [
        Part(piece, _without(pieces, index), each if isinstance(each, Asked) else None)
        for index, (piece, each) in enumerate(zip(pieces, sentences, strict=True))
    ]


def _without(pieces: list[str], index: int) -> str:
    return ";".join(pieces[:index] + pieces[index + 1 :])


def _span(text: str, sentence: Sentence) -> tuple[int, int]:
    """Where a part begins and ends, with the parentheses that are around nothing else."""
    asked = list(questions(sentence))
    start, end = asked[0].start, asked[-1].end
    if isinstance(sentence, Asked):
        return start, end
    openings, closings = list(_openings(text, start)), list(_closings(text, end))
    inside = QUOTED.sub("", text[start:end])
    unopened = inside.count(")") - inside.count("(")
    closed = min(len(closings), len(openings) - unopened)
    if opened := closed + unopened:
        start = openings[opened - 1]
        while text[:start].rstrip().endswith("!"):
            start = text[:start].rindex("!")
    return start, closings[closed - 1] + 1 if closed else end


def _openings(text: str, start: int) -> Iterator[int]:
    """Places of the parentheses in front of it, the nearest first."""
    for place in range(start - 1, -1, -1):
        if text[place] not in _BEFORE:
            return
        if text[place] == "(":
            yield place


def _closings(text: str, end: int) -> Iterator[int]:
    for place in range(end, len(text)):
        if text[place] not in _BEHIND:
            return
        if text[place] == ")":
            yield place
