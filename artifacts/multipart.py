"""Several parts of a file in one answer (RFC 9110 §14.6), with its length known beforehand."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

# hawkBit's own: some of its clients look for just this.
BOUNDARY = "THIS_STRING_SEPARATES_MULTIPART"
CONTENT_TYPE = f"multipart/byteranges; boundary={BOUNDARY}"
END = f"\r\n--{BOUNDARY}--\r\n".encode()


class Slice(Protocol):
    """The bytes of one part, to be closed when they are no longer wanted."""

    close: Callable[[], None]

    def __iter__(self) -> Iterator[bytes]: ...


class Multipart:
    """The parts, each behind a head that says which it is; opened one after the other."""

    def __init__(
        self, parts: Sequence[range], size: int, content_type: str, cut: Callable[[range], Slice]
    ) -> None:
        self._parts = [(part, _head(part, size, content_type)) for part in parts]
        self._cut = cut
        self._open: Slice | None = None
        self.length = len(END) + sum(len(head) + len(part) for part, head in self._parts)

    def __iter__(self) -> Iterator[bytes]:
        for part, head in self._parts:
            yield head
            self._open = self._cut(part)
            yield from _closed(self._open)
        yield END

    def close(self) -> None:
        if self._open is not None:
            self._open.close()


def _head(part: range, size: int, content_type: str) -> bytes:
    lines = (
        f"--{BOUNDARY}",
        f"Content-Type: {content_type}",
        f"Content-Range: bytes {part.start}-{part.stop - 1}/{size}",
    )
    return ("\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()


def _closed(opened: Slice) -> Iterable[bytes]:
    try:
        yield from opened
    finally:
        opened.close()
