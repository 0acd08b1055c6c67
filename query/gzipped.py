"""Bytes through gzip while they come."""

import zlib
from collections.abc import Iterable, Iterator

# Zlib's word for a gzip container around the largest window.
GZIP = 31


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as one gzip file, at its quickest; some of what is given is empty."""
    press = zlib.compressobj(1, wbits=GZIP)
    for piece in pieces:
        yield press.compress(piece)
    yield press.flush()
