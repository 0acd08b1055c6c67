"""Where in a condition the cursor is: read as far as it can be read."""

import re
from dataclasses import dataclass

from query.fiql.words import OPERATOR, QUOTED, RUN, SPELLINGS

_BLANKS = " \t\r\n"
_OPENED = re.compile(r"""['"](?:[^'"\\]|\\.)*""", re.DOTALL)


@dataclass(slots=True)
class Place:
    """Where the cursor is: in a selector, behind it, in a value or behind one."""

    state: str = "selector"
    start: int = 0
    selector: str = ""
    depth: int = 0
    is_list: bool = False


def place_of(text: str, position: int) -> Place:
    """Read up to the cursor, as far as it can be read."""
    place, at = Place(), 0
    while at < position:
        at = _step(text, at, position, place)
        if at < 0:
            break
    return place


def _step(text: str, at: int, position: int, place: Place) -> int:
    """Past the next token, to where the next one starts; -1 where the cursor is inside of one."""
    sign = text[at]
    if sign in _BLANKS:
        return _moved(place, at + 1)
    if place.state == "selector":
        return _selector(text, at, position, place)
    if place.state == "operator":
        found = OPERATOR.match(text, at, position)
        if found is None or found[0].lower() not in SPELLINGS:
            return -1
        place.state = "value"
        return _moved(place, found.end())
    if place.state == "value":
        return _value(text, at, position, place)
    return _behind(text, at, position, place)


def _selector(text: str, at: int, position: int, place: Place) -> int:
    if text[at] in "(!":
        place.depth += text[at] == "("
        return _moved(place, at + 1)
    place.start, end = at, at
    while found := RUN.match(text, end, position) or QUOTED.match(text, end, position):
        end = found.end()
    if end in {position, at}:
        return -1
    place.selector, place.state = text[at:end], "operator"
    return _moved(place, end)


def _value(text: str, at: int, position: int, place: Place) -> int:
    if text[at] == "(" and not place.is_list:
        place.is_list = True
        return _moved(place, at + 1)
    found = QUOTED.match(text, at, position) or RUN.match(text, at, position)
    place.start = at
    if found is None or (found.end() == position and text[at] not in "'\""):
        return -1
    place.state = "end"
    return _moved(place, found.end())


def _behind(text: str, at: int, position: int, place: Place) -> int:
    sign = text[at]
    if place.is_list and sign in ",)":
        place.state = "value" if sign == "," else "end"
        place.is_list = sign == ","
        return _moved(place, at + 1)
    if sign == ")" and place.depth:
        place.depth -= 1
        return _moved(place, at + 1)
    run = RUN.match(text, at, position)
    if sign in ";,":
        place.state = "selector"
        return _moved(place, at + 1)
    if run and run[0].lower() in {"and", "or"} and run.end() < position:
        place.state = "selector"
        return _moved(place, run.end())
    return -1


def _moved(place: Place, at: int) -> int:
    place.start = at
    return at


def end_of(text: str, place: Place, position: int) -> int:
    """Where the word ends that the cursor is in."""
    kind = OPERATOR if place.state == "operator" else RUN
    if place.state == "value" and text[place.start : place.start + 1] in {"'", '"'}:
        kind = QUOTED
    found = kind.match(text, place.start)
    if found is None and place.state == "value" and (opened := _OPENED.match(text, place.start)):
        return max(position, opened.end())
    return max(position, found.end()) if found else position
