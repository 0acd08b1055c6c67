"""Writing tar archives, plain or packed, straight to where they belong."""

import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO, Protocol

from artifacts.formats.streams import Readable, chunks

_PRIVATE, _PUBLIC = 0o600, 0o644
_USTAR_NAME, _USTAR_SIZE = 100, 8**11


class Writable(Protocol):
    """Anything that takes bytes in order."""

    def write(self, data: bytes, /) -> object:
        """Take all of `data`."""


class TarWriter:
    """Writes plain files in order; `modified` is the time of all of them."""

    def __init__(self, target: Writable, modified: datetime) -> None:
        self._target = target
        self._modified = modified
        self._written = 0

    def add(self, name: str, body: bytes) -> None:
        """A small member that is at hand."""
        self._write(_header(name, len(body), self._modified, mode=_PRIVATE))
        self._write(body)
        self._align()

    def stream(self, name: str, size: int, source: Readable) -> None:
        """A member of `size` bytes; `source` must have exactly that many."""
        self._write(_header(name, size, self._modified, mode=_PUBLIC))
        for piece in chunks(source):
            self._write(piece)
        self._align()

    def close(self) -> None:
        """Write the end marker and fill the last record of 10240 bytes; leave the target open."""
        self._write(bytes(2 * tarfile.BLOCKSIZE))
        self._write(bytes(-self._written % tarfile.RECORDSIZE))

    def _align(self) -> None:
        self._write(bytes(-self._written % tarfile.BLOCKSIZE))

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._written += len(data)


class OuterTarWriter(TarWriter):
    """A writer on a seekable file, which can hold further archives."""

    def __init__(self, target: BinaryIO, modified: datetime) -> None:
        super().__init__(target, modified)
        self._file = target

    @contextmanager
    def nested(self, name: str, *, gzip: bool) -> Iterator[TarWriter]:
        """A tar as member `name`. Its size is known, and put in its header, only at the end."""
        start = self._file.tell()
        self._write(bytes(tarfile.BLOCKSIZE))
        with tar_into(self._file, gzip=gzip, modified=self._modified) as archive:
            yield archive
        end = self._file.tell()
        size = end - start - tarfile.BLOCKSIZE
        self._file.seek(start)
        self._file.write(_header(name, size, self._modified, mode=_PRIVATE))
        self._file.seek(end)
        self._written += size
        self._align()


@contextmanager
def tar_into(target: Writable, *, gzip: bool, modified: datetime) -> Iterator[TarWriter]:
    """A tar written, packed or not, to `target`, which stays open."""
    sink = _GzipSink(target) if gzip else target
    archive = TarWriter(sink, modified)
    yield archive
    archive.close()
    if isinstance(sink, _GzipSink):
        sink.finish()


class _GzipSink:
    # zlib leaves time and name out of the gzip header, so equal input gives equal bytes.
    def __init__(self, target: Writable) -> None:
        self._target = target
        self._packer = zlib.compressobj(wbits=31)

    def write(self, data: bytes, /) -> None:
        self._target.write(self._packer.compress(data))

    def finish(self) -> None:
        self._target.write(self._packer.flush())


def _header(name: str, size: int, modified: datetime, *, mode: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, mode, int(modified.timestamp())
    ustar = len(name) <= _USTAR_NAME and size < _USTAR_SIZE
    return info.tobuf(tarfile.USTAR_FORMAT if ustar else tarfile.GNU_FORMAT)
