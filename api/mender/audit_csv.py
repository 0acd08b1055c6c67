"""The audit log as a table that a spreadsheet may open: each entry's shape laid flat."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from operator import itemgetter
from typing import Any

from query.cells import safe

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
CHUNK = 32 * 1024
NOTHING: dict[str, str] = {}


def table(shapes: Iterable[Any], columns: Sequence[str], separator: str) -> Iterator[bytes]:
    """UTF-8 with a header, in pieces of some 32 KiB; `columns` are some of COLUMNS."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.replace(".", separator) for column in columns])
    chosen = _chosen(columns)
    for shape in shapes:
        writer.writerow(map(safe, chosen(laid_flat(shape))))
        if buffer.tell() >= CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def laid_flat(shape: Any) -> tuple[str, ...]:
    """A cell for each of COLUMNS, empty where the shape does not reach so far."""
    actor, thing = shape["actor"], shape["object"]
    deployment = thing.get("deployment", NOTHING)
    return (
        shape["action"],
        actor["id"],
        actor["type"],
        actor.get("email", ""),
        actor.get("identity_data", ""),
        thing["id"],
        thing["type"],
        thing.get("user", NOTHING).get("email", ""),
        deployment.get("name", ""),
        deployment.get("artifact_name", ""),
        shape.get("change", ""),
        shape["time"],
    )


def _chosen(columns: Sequence[str]) -> Callable[[tuple[str, ...]], Sequence[str]]:
    places = [COLUMNS.index(column) for column in columns]
    if len(places) == 1:
        return lambda cells: (cells[places[0]],)
    return itemgetter(*places)


def _taken(buffer: StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    # An answer that has begun cannot fail any more.
    return text.encode(errors="replace")
