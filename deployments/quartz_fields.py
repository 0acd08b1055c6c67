"""One field of a Quartz schedule: numbers, names, ranges, steps and lists of these."""

from collections.abc import Iterator
from dataclasses import dataclass


class ScheduleError(ValueError):
    """This is no schedule; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a field may hold; `names` stand for the numbers from `least` on.

    One that `wraps` goes on at its beginning: 22-2 in the hours is the night.
    """

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()
    wraps: bool = True

    def wrong(self, text: str) -> ScheduleError:
        return ScheduleError(f"{text[:40]} is no {self.name}")

    def number(self, text: str) -> int:
        if text.upper() in self.names:
            return self.least + self.names.index(text.upper())
        number = whole(text)
        if number is None or not self.least <= number <= self.most:
            raise self.wrong(text)
        return number


def whole(text: str) -> int | None:
    """The number of one to four digits that this is."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def values(field: Field, text: str) -> set[int]:
    """All that a field's text stands for. Raises ScheduleError."""
    return {value for item in text.split(",") for value in _item(field, item)}


def _item(field: Field, item: str) -> Iterator[int]:
    body, slash, by = item.partition("/")
    step = _step(field, by) if slash else 1
    if body == "*" or (slash and not body):
        first, last = field.least, field.most
    elif "-" in body:
        first, last = (field.number(each) for each in _ends(field, body))
    else:
        first = field.number(body)
        last = field.most if slash else first
    return _steps(field, first, last, step)


def _ends(field: Field, body: str) -> list[str]:
    ends = body.split("-")
    if len(ends) != 2:
        raise field.wrong(body)
    return ends


def _step(field: Field, text: str) -> int:
    step = whole(text)
    if step is None or not 1 <= step <= field.most:
        raise field.wrong(f"/{text}")
    return step


def _steps(field: Field, first: int, last: int, step: int) -> Iterator[int]:
    if last < first and not field.wraps:
        raise field.wrong(f"{first}-{last}")
    size = field.most - field.least + 1
    end = last if first <= last else last + size
    return (field.least + (value - field.least) % size for value in range(first, end + 1, step))
