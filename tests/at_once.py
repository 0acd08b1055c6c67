"""Calls that meet."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
THREADS = 24


def at_once(calls: Iterable[Callable[[], T]], threads: int = THREADS) -> list[T]:
    """What each of the calls gave, begun together on threads with connections of their own."""
    calls = list(calls)
    start = Barrier(min(threads, len(calls)))

    def work(share: list[Callable[[], T]]) -> list[T]:
        try:
            start.wait()
            return [call() for call in share]
        finally:
            connection.close()

    with ThreadPoolExecutor(start.parties) as pool:
        shares = pool.map(work, [calls[at :: start.parties] for at in range(start.parties)])
        return [result for share in shares for result in share]
