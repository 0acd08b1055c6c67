"""Values as cells of a table that a spreadsheet may open.

A moment is RFC 3339, true and false are words, JSON is spelt as PostgreSQL does it, and what is
missing or empty is an empty cell. A text that a spreadsheet would calculate stands behind an
apostrophe. `query.copying` makes the same cells inside of PostgreSQL.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from query.listing import Kind
from query.showing import Shown

# What a spreadsheet takes for the beginning of a formula, or drops in front of one.
FORMULA = frozenset("=+-@\t\r")
DOCUMENTS = frozenset({Kind.JSON, Kind.MAP, Kind.SET})
_NEEDS_QUOTES = re.compile('[",\r\n]')


def safe(text: str) -> str:
    """The text, behind an apostrophe if a spreadsheet would calculate it."""
    return f"'{text}" if text[:1] in FORMULA else text


def line_of(cells: Sequence[str]) -> str:
    """One line of the table; a lone empty cell has quotes: a reader would skip an empty line."""
    if len(cells) == 1 and cells[0] in {"", "\\."}:
        return f'"{cells[0]}"\n'
    return ",".join(map(_quoted, cells)) + "\n"


def cells_of(values: Iterable[Any], shown: Sequence[Shown]) -> list[str]:
    """The cells of a row, from what was read of it."""
    return [_cell(each, each.told(value)) for each, value in zip(shown, values, strict=True)]


def is_document(shown: Shown) -> bool:
    """Whether a text among the values is JSON too; a member of a map is told as it is."""
    return not shown.key and shown.column.kind in DOCUMENTS


def is_guarded(shown: Shown) -> bool:
    """Whether people or devices can have written anything into the cell."""
    return bool(shown.key) or shown.column.kind == Kind.TEXT


def json_text(value: Any) -> str:
    """As PostgreSQL writes a document of its own kind: numbers in full, short names first."""
    return "".join(_spelt(value))


def _quoted(cell: str) -> str:
    if _NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _cell(shown: Shown, value: Any) -> str:
    if value is None:
        return ""
    if is_document(shown) or not isinstance(value, str):
        return json_text(value) if isinstance(value, _JSON) else str(value)
    return safe(value) if is_guarded(shown) else value


_JSON = (str, bool, int, float, dict, list)


def _spelt(value: Any) -> Iterator[str]:
    match value:
        case dict():
            yield "{"
            for index, name in enumerate(sorted(value, key=_rank)):
                yield f"{', ' if index else ''}{_text(name)}: "
                yield from _spelt(value[name])
            yield "}"
        case list():
            yield "["
            for index, element in enumerate(value):
                yield ", " if index else ""
                yield from _spelt(element)
            yield "]"
        case float():
            # There is no negative zero among its numbers.
            yield format(Decimal(repr(value)) or abs(Decimal(repr(value))), "f")
        case _:
            yield _text(value)


def _rank(name: str) -> tuple[int, bytes]:
    spelt = name.encode()
    return len(spelt), spelt


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
