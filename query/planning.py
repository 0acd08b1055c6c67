"""How PostgreSQL is to plan a search."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def planned_for_its_values() -> Iterator[None]:
    """Inside, each statement is planned for the very values it asks for.

    A plan that fits any value would take the index for a value that half of the rows have, and
    compiling a plan to machine code takes longer than any page of a list. Sorting and counting
    have the memory that a whole fleet takes.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
                    " set_config('jit', 'off', true), set_config('work_mem', '32MB', true)"
                )
        yield
