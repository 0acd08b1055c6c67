"""Unpacking with flat memory, and an end to it when the data is a bomb."""

from collections.abc import Iterator

from artifacts.formats.decoders import DECODERS, ERRORS, Decoder
from artifacts.formats.errors import Code, FormatError
from artifacts.formats.limits import Limits
from artifacts.formats.streams import CHUNK, Readable

SUFFIXES = ("", *DECODERS)
_MAX_STREAMS = 4096


def unpacked(source: Readable, suffix: str, where: str, limits: Limits) -> Readable:
    """The plain bytes behind `source`, packed as `suffix` (one of SUFFIXES) says.

    Reading raises `truncated`, `corrupt`, `bomb`, or `too_large` when unpacking wants more
    memory than `limits` grants; `where` names the member in the message.
    """
    return _Pieces(_Unpacking(source, suffix, where, limits).pieces()) if suffix else source


class _Pieces:
    """An iterator of byte strings, read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece, self._at = b"", 0

    def read(self, size: int, /) -> bytes:
        while self._at == len(self._piece):
            if (piece := next(self._pieces, None)) is None:
                return b""
            self._piece, self._at = piece, 0
        data = self._piece[self._at : self._at + size]
        self._at += len(data)
        return data


class _Unpacking:
    def __init__(self, source: Readable, suffix: str, where: str, limits: Limits) -> None:
        self._source = source
        self._make = DECODERS[suffix]
        self._where = where
        self._limits = limits
        self._packed = self._plain = 0
        self._waiting = b""

    def pieces(self) -> Iterator[bytes]:
        """One compressed stream, or several that follow each other without a gap."""
        for _ in range(_MAX_STREAMS):
            decoder = self._make(self._limits)
            while not decoder.eof:
                yield self._decode(decoder, self._feed(decoder) if decoder.hungry else b"")
            self._waiting = decoder.unused + self._waiting
            if not self._refill():
                return
        raise FormatError(Code.TOO_LARGE, f"Too many compressed streams make up {self._where}.")

    def _feed(self, decoder: Decoder) -> bytes:
        if not self._refill():
            raise FormatError(Code.TRUNCATED, f"The compressed data of {self._where} ends early.")
        size = decoder.feed_size
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data

    def _refill(self) -> bool:
        if not self._waiting:
            self._waiting = self._source.read(CHUNK)
            self._packed += len(self._waiting)
        return bool(self._waiting)

    def _decode(self, decoder: Decoder, data: bytes) -> bytes:
        try:
            piece = decoder.decode(data)
        except ERRORS as error:
            if "memory" in str(error).lower():
                message = f"Unpacking {self._where} takes too much memory."
                raise FormatError(Code.TOO_LARGE, message) from error
            message = f"The compressed data of {self._where} is damaged."
            raise FormatError(Code.CORRUPT, message) from error
        self._plain += len(piece)
        if self._plain > max(self._limits.bomb_floor, self._limits.bomb_ratio * self._packed):
            raise FormatError(Code.BOMB, f"Unpacking {self._where} gives far too much.")
        return piece
