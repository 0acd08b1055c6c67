"""The three decompressors behind one small interface."""

import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

import zstandard

from artifacts.formats.limits import Limits
from artifacts.formats.streams import CHUNK

ERRORS = (zlib.error, lzma.LZMAError, zstandard.ZstdError)


class Decoder(Protocol):
    """One compressed stream being unpacked piece by piece.

    The caller gives at most `feed_size` bytes, and none while `hungry` is false. Once `eof`
    is true, `unused` holds the bytes that came after the stream.
    """

    feed_size: int

    @property
    def hungry(self) -> bool: ...
    @property
    def eof(self) -> bool: ...
    @property
    def unused(self) -> bytes: ...
    def decode(self, data: bytes) -> bytes: ...


class _Gzip:
    feed_size = CHUNK

    def __init__(self, limits: Limits) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self._more = False

    @property
    def hungry(self) -> bool:
        return not self._more and not self._inner.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused(self) -> bytes:
        return self._inner.unused_data

    def decode(self, data: bytes) -> bytes:
        out = self._inner.decompress(self._inner.unconsumed_tail + data, CHUNK)
        self._more = len(out) == CHUNK
        return out


class _Xz:
    feed_size = CHUNK

    def __init__(self, limits: Limits) -> None:
        self._inner = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=limits.xz_memory)

    @property
    def hungry(self) -> bool:
        return self._inner.needs_input

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused(self) -> bytes:
        return self._inner.unused_data

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(data, CHUNK)


class _Zstd:
    # The library unpacks all it is given, and four bytes can become 128 KiB: feed it by the
    # spoonful, so that one call yields 16 MiB at worst.
    feed_size = 512
    hungry = True

    def __init__(self, limits: Limits) -> None:
        decompressor = zstandard.ZstdDecompressor(max_window_size=limits.zstd_window)
        self._inner = decompressor.decompressobj()

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused(self) -> bytes:
        return self._inner.unused_data

    def decode(self, data: bytes) -> bytes:
        return self._inner.decompress(data)


DECODERS: dict[str, Callable[[Limits], Decoder]] = {".gz": _Gzip, ".xz": _Xz, ".zst": _Zstd}
