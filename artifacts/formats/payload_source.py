"""Files on their way into a payload: measured once, copied once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.payload import require_file_name
from artifacts.formats.streams import Hashed, chunks
from artifacts.formats.tar_writer import TarWriter


@dataclass(frozen=True, slots=True)
class PayloadSource:
    """A file with the `size` in bytes and `sha256` it had; a stream is read from `start`."""

    name: str
    origin: BinaryIO | Path
    start: int
    size: int
    sha256: str

    def copy_to(self, archive: TarWriter) -> None:
        """Write the file into `archive`; ValueError when it is not what it was."""
        with _opened(self.origin, self.start) as stream:
            hashed = Hashed(stream)
            archive.stream(self.name, self.size, hashed)
        if (hashed.size, hashed.sha256()) != (self.size, self.sha256):
            raise ValueError(f"The file {quoted(self.name)} changed while it was being written.")


def measure(files: Sequence[tuple[str, BinaryIO | Path]], *, most: int) -> list[PayloadSource]:
    """Read each file once; FormatError when a name is unsafe or given twice, or over `most`."""
    if len(files) > most:
        raise FormatError(Code.TOO_LARGE, f"An artifact holds at most {most} payload files.")
    sources: dict[str, PayloadSource] = {}
    for name, origin in files:
        require_file_name(name)
        if name in sources:
            raise FormatError(Code.UNEXPECTED_MEMBER, f"The file {quoted(name)} is given twice.")
        sources[name] = _measured(name, origin)
    return list(sources.values())


def _measured(name: str, origin: BinaryIO | Path) -> PayloadSource:
    start = 0 if isinstance(origin, Path) else origin.tell()
    with _opened(origin, start) as stream:
        hashed = Hashed(stream)
        for _ in chunks(hashed):
            pass
    return PayloadSource(name, origin, start, hashed.size, hashed.sha256())


@contextmanager
def _opened(origin: BinaryIO | Path, start: int) -> Iterator[BinaryIO]:
    if isinstance(origin, Path):
        with origin.open("rb") as stream:
            yield stream
    else:
        origin.seek(start)
        yield origin
