"""Small forward-only readers that the format readers are stacked from."""

import hashlib
from collections.abc import Iterator
from typing import Protocol

CHUNK = 128 * 1024


class Readable(Protocol):
    """Anything that hands out bytes in order."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty only at the end."""


def chunks(source: Readable) -> Iterator[bytes]:
    """What is left of `source`, at most CHUNK bytes at a time."""
    while piece := source.read(CHUNK):
        yield piece


def read_fully(source: Readable, size: int) -> bytes:
    """`size` bytes, or all that is left when there are fewer."""
    pieces = []
    while size and (piece := source.read(min(size, CHUNK))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def all_zero(data: bytes) -> bool:
    """Whether `data` holds nothing but zero bytes."""
    return data.count(0) == len(data)


class Peekable:
    """A stream whose first bytes can be looked at before they are read."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._head = b""

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, fewer only at the end; they are still there for `read`."""
        self._head += read_fully(self._source, size - len(self._head))
        return self._head[:size]

    def read(self, size: int, /) -> bytes:
        if not self._head:
            return self._source.read(size)
        piece, self._head = self._head[:size], self._head[size:]
        return piece


class Hashed:
    """Passes bytes through and keeps their SHA-256 and their count."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(size)
        self._digest.update(piece)
        self.size += len(piece)
        return piece

    def sha256(self) -> str:
        """Lower-case hex of everything read so far."""
        return self._digest.hexdigest()
