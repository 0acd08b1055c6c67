"""The outer tar of an artifact, walked one member ahead of the reader."""

from dataclasses import dataclass

from artifacts.formats.compression import SUFFIXES, unpacked
from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.limits import Limits
from artifacts.formats.streams import Hashed, Peekable, Readable, read_fully
from artifacts.formats.tar_blocks import BLOCK, parse_block
from artifacts.formats.tarstream import Member, TarReader


@dataclass(frozen=True, slots=True)
class PackedHeader:
    """The tar of a header. Once `archive` is read to its end, `hashed` has seen all of it."""

    name: str
    archive: TarReader
    hashed: Hashed


class Outer:
    """Hands out the members of an artifact in the order they are asked for.

    Raises `not_an_artifact` at once for something that is no tar beginning with `version`.
    """

    def __init__(self, stream: Readable, limits: Limits) -> None:
        source = Peekable(stream)
        _require_tar(source.peek(BLOCK))
        self._archive = TarReader(source, "the artifact")
        self._limits = limits
        self._waiting = self._archive.next()
        if self._waiting is None or self._waiting.name != "version":
            raise FormatError(Code.NOT_AN_ARTIFACT, "The file does not begin with 'version'.")

    def small(self, name: str, limit: int) -> bytes:
        """All of the member `name`, which must be next and have at most `limit` bytes."""
        if (raw := self.optional(name, limit)) is None:
            raise self._not(f"'{name}'")
        return raw

    def optional(self, name: str, limit: int) -> bytes | None:
        """The same, or None when another member is next."""
        member = self._waiting
        if member is None or member.name != name:
            return None
        if member.size > limit:
            raise FormatError(Code.TOO_LARGE, f"'{name}' is larger than {limit} bytes.")
        raw = read_fully(member, member.size)
        self.advance()
        return raw

    def header(self, name: str) -> PackedHeader:
        """The inner tar `<name>.tar`, packed or not, which must be next; then `advance()`."""
        member, suffix = self._packed(name)
        if member is None:
            raise self._not(f"'{name}.tar'")
        hashed = Hashed(member)
        plain = unpacked(hashed, suffix, member.name, self._limits)
        return PackedHeader(member.name, TarReader(plain, member.name), hashed)

    def payload(self, index: int, *, required: bool) -> TarReader | None:
        """Data archive number `index`, or None when it is not next; then `advance()`."""
        member, suffix = self._packed(f"data/{index:04}")
        if member is not None:
            plain = unpacked(member, suffix, member.name, self._limits)
            return TarReader(plain, member.name)
        if required:
            raise self._not(f"'data/{index:04}.tar'")
        return None

    def advance(self) -> None:
        """Go on to the next member."""
        self._waiting = self._archive.next()

    def require_end(self) -> None:
        """Raise `unexpected_member` unless everything has been read."""
        if self._waiting is not None:
            raise self._not("the end")

    def _packed(self, name: str) -> tuple[Member | None, str]:
        stem, tar, suffix = self._waiting.name.partition(".tar") if self._waiting else ("", "", "")
        fits = stem == name and tar and suffix in SUFFIXES
        return (self._waiting, suffix) if fits else (None, "")

    def _not(self, expected: str) -> FormatError:
        if self._waiting is None:
            return FormatError(Code.MISSING_MEMBER, f"The artifact ends where {expected} belongs.")
        message = f"{quoted(self._waiting.name)} is where {expected} belongs."
        return FormatError(Code.UNEXPECTED_MEMBER, message)


def _require_tar(head: bytes) -> None:
    message = "The file is not a tar archive."
    if len(head) < BLOCK and not b"version\0".startswith(head[:8]):
        raise FormatError(Code.NOT_AN_ARTIFACT, message)
    try:
        if len(head) == BLOCK:
            parse_block(head, "the artifact")
    except FormatError as error:
        raise FormatError(Code.NOT_AN_ARTIFACT, message) from error
