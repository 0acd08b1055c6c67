"""A tar reader that only moves forward and accepts nothing but plain files.

The standard library's reader loads long names and pax headers of any size into memory, follows
sparse maps and forgives a missing end; an upload from a stranger deserves none of that.
"""

import re
from datetime import UTC, datetime, timedelta

from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.streams import Readable, all_zero, chunks, read_fully
from artifacts.formats.tar_blocks import BLOCK, Entry, damaged, parse_block, parse_pax

EXTENSION_SIZE = 64 * 1024
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a character device",
    b"4": "a block device",
    b"5": "a directory",
    b"6": "a pipe",
    b"S": "a sparse file",
}


class Member:
    """One plain file inside a tar: its name, `size` in bytes, and its bytes, readable once."""

    def __init__(self, source: Readable, name: str, size: int, modified: datetime) -> None:
        self.name = name
        self.size = size
        self.modified = modified
        self._source = source
        self._left = size

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(min(size, self._left))
        if not piece and size and self._left:
            raise FormatError(Code.TRUNCATED, f"The file ends inside {quoted(self.name)}.")
        self._left -= len(piece)
        return piece


class TarReader:
    """Reads the members of `source` in order; `where` names the archive in messages."""

    def __init__(self, source: Readable, where: str) -> None:
        self._source = source
        self._where = where
        self._member: Member | None = None

    def next(self) -> Member | None:
        """The next file, skipping what is unread of the last; None at a well-formed end."""
        self._finish_member()
        extensions: dict[bytes, bytes] = {}
        while not all_zero(block := self._block()):
            entry = parse_block(block, self._where)
            if entry.kind not in (b"x", b"L"):
                return self._open(entry, extensions)
            if entry.kind in extensions:
                raise damaged(self._where)
            extensions[entry.kind] = self._extension(entry)
        if extensions:
            raise damaged(self._where)
        self._require_end()
        return None

    def _open(self, entry: Entry, extensions: dict[bytes, bytes]) -> Member:
        pax = parse_pax(extensions.get(b"x", b""), self._where)
        long_name = extensions.get(b"L", b"").rstrip(b"\0").decode("ascii", "replace")
        name = pax.get("path") or long_name or entry.name
        _require_safe(name)
        _require_plain(entry, name, pax)
        size = _pax_size(pax["size"], self._where) if "size" in pax else entry.size
        modified = _time(pax.get("mtime", str(entry.mtime)), self._where)
        self._member = Member(self._source, name, size, modified)
        return self._member

    def _finish_member(self) -> None:
        if self._member is not None:
            for _ in chunks(self._member):
                pass
            self._padding(self._member.size)

    def _extension(self, entry: Entry) -> bytes:
        if entry.size > EXTENSION_SIZE:
            raise FormatError(Code.TOO_LARGE, f"An extension header in {self._where} is too large.")
        body = self._exactly(entry.size)
        self._padding(entry.size)
        return body

    def _require_end(self) -> None:
        if not all_zero(self._block()):
            raise damaged(self._where)
        for piece in chunks(self._source):
            if not all_zero(piece):
                message = f"There is data after the end of {self._where}."
                raise FormatError(Code.TRAILING_DATA, message)

    def _block(self) -> bytes:
        return self._exactly(BLOCK)

    def _padding(self, size: int) -> None:
        self._exactly(-size % BLOCK)

    def _exactly(self, size: int) -> bytes:
        data = read_fully(self._source, size)
        if len(data) < size:
            raise FormatError(Code.TRUNCATED, f"The file ends inside {self._where}.")
        return data


def _require_safe(name: str) -> None:
    if not name or name.startswith("/") or ".." in name.split("/") or "\\" in name:
        raise FormatError(Code.UNSAFE_NAME, f"The member name {quoted(name)} is not safe.")


def _require_plain(entry: Entry, name: str, pax: dict[str, str]) -> None:
    kind = _KINDS.get(entry.kind, "of an unknown kind")
    if any(key.startswith("GNU.sparse.") for key in pax):
        kind = _KINDS[b"S"]
    elif entry.kind in (b"0", b"\0"):
        if not name.endswith("/"):
            return
        kind = _KINDS[b"5"]
    message = f"{quoted(name)} is {kind}; only plain files may be in an artifact."
    raise FormatError(Code.UNEXPECTED_MEMBER, message)


def _pax_size(text: str, where: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise damaged(where)
    return int(text)


def _time(text: str, where: str) -> datetime:
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,30})?", text):
        raise damaged(where)
    try:
        return _EPOCH + timedelta(seconds=float(text))
    except OverflowError as error:
        raise damaged(where) from error
