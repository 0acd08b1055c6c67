"""The audit log as a table that a spreadsheet may open: each entry's shape laid flat."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

COLUMNS = (
    "action",
    "actor.id",
    "actor.type",
    "actor.email",
    "actor.identity_data",
    "object.id",
    "object.type",
    "object.user.email",
    "object.deployment.name",
    "object.deployment.artifact_name",
    "change",
    "time",
)
# What a spreadsheet takes for the beginning of a formula, or drops in front of one.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CHUNK = 32 * 1024


def table(shapes: Iterable[Any], columns: Sequence[str], separator: str) -> Iterator[bytes]:
    """UTF-8 with a header, in pieces of some 32 KiB; `columns` are some of COLUMNS."""
    paths = [column.split(".") for column in columns]
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([separator.join(path) for path in paths])
    for shape in shapes:
        writer.writerow([safe_cell(_at(shape, path)) for path in paths])
        if buffer.tell() >= CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def safe_cell(text: str) -> str:
    """The text, behind an apostrophe if a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _at(shape: Any, path: Sequence[str]) -> str:
    """Empty where the shape does not reach so far."""
    for name in path:
        shape = shape.get(name, {})
    return shape or ""


def _taken(buffer: StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    # An answer that has begun cannot fail any more.
    return text.encode(errors="replace")
