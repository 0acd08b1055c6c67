"""How far an export is, told while it is written."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

TELLS_EVERY = 1.0


def watched(pieces: Iterable[bytes], tell: Callable[[], object]) -> Iterator[bytes]:
    """The pieces; every second or so `tell` is called, with another connection to the database:
    this one is busy reading the rows.
    """
    told_at = time.monotonic()
    with ThreadPoolExecutor(1, "export progress") as teller:
        for piece in pieces:
            yield piece
            if time.monotonic() - told_at >= TELLS_EVERY:
                told_at = time.monotonic()
                teller.submit(_told, tell)


def _told(tell: Callable[[], object]) -> None:
    try:
        tell()
    finally:
        connection.close()
