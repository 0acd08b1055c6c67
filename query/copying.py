"""A table as PostgreSQL writes it itself: COPY, many times as fast as making rows of our own."""

from collections.abc import Generator, Iterable, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import FloatField, QuerySet
from psycopg import ClientCursor

from query.cells import FORMULA, is_document, is_guarded
from query.counting import expected
from query.listing import Kind
from query.planning import planned_for_its_values
from query.showing import Shown

Buffer = bytes | bytearray | memoryview

CHUNK = 64 * 1024
# Beyond so many rows an index that has their order is walked: the first ones come at once, all
# of them no later, and nothing is held to be sorted.
MANY = 10_000
_FIRST = ", ".join(f"E'\\x{ord(sign):02x}'" for sign in sorted(FORMULA))


def can_copy(rows: QuerySet[Any], shown: Sequence[Shown]) -> bool:
    """Whether PostgreSQL has the rows and can make each cell by itself."""
    if connection.vendor != "postgresql" or any(each.column.tell for each in shown):
        return False
    # It spells numbers with an exponent at other sizes than we do.
    read = rows.query.annotations.values()
    return not any(isinstance(each.output_field, FloatField) for each in read)


def copied(rows: QuerySet[Any], shown: Sequence[Shown]) -> Generator[tuple[bytes, int]]:
    """The lines of the table in pieces of some 64 KiB, each with the number of its rows.

    `rows` has a value for each of `shown`, as "column_0" and so on. A transaction of its own,
    which ends with the iterator, be it closed or read to its end.
    """
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:  # what is asked for cannot be
        return
    is_alone = len(shown) == 1
    cells = ", ".join(
        _cell(f"column_{index}", each, is_alone=is_alone) for index, each in enumerate(shown)
    )
    copy = f"COPY (SELECT {cells} FROM ({sql}) AS found) TO STDOUT (FORMAT csv)"  # noqa: S608
    with planned_for_its_values():
        if expected(rows) > MANY:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('enable_sort', 'off', true)")
        # COPY takes no parameters: this cursor writes them into the statement.
        with ClientCursor(connection.connection) as copying, copying.copy(copy, params) as pieces:
            yield from _gathered(pieces)


def _cell(name: str, shown: Shown, *, is_alone: bool) -> str:
    """Empty is NULL, which has no quotes; alone it has some, or the line would be empty."""
    text = _text(name, shown)
    return f"COALESCE({text}, '')" if is_alone else f"NULLIF({text}, '')"


def _text(name: str, shown: Shown) -> str:
    if is_document(shown):
        return f"NULLIF({name}::jsonb::text, 'null')"
    if shown.key:
        text = f"({name} #>> '{{}}')"
        return _guarded(text, f"jsonb_typeof({name}) = 'string' AND ")
    if is_guarded(shown):
        return _guarded(name)
    if shown.column.kind == Kind.MOMENT:
        return f"to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    return f"{name}::text"


def _guarded(text: str, condition: str = "") -> str:
    is_formula = f"{condition}left({text}, 1) IN ({_FIRST})"
    return f"CASE WHEN {is_formula} THEN '''' || {text} ELSE {text} END"


def _gathered(lines: Iterable[Buffer]) -> Generator[tuple[bytes, int]]:
    """PostgreSQL hands out line by line: too little to pass on by itself."""
    gathered: list[Buffer] = []
    size = 0
    for line in lines:
        gathered.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(gathered), len(gathered)
            gathered, size = [], 0
    yield b"".join(gathered), len(gathered)
