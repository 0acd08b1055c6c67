"""The manifest: which members an artifact has, and the SHA-256 each must have."""

import re

from artifacts.formats.errors import Code, FormatError, quoted

_LINE = re.compile(r"([0-9a-f]{64})  (\S(?:.*\S)?)")
_AUGMENTED = re.compile(r"data/|header-augment\.tar")


class Manifest:
    """Checksums by member name, ticked off while the members are read."""

    def __init__(self, sums: dict[str, str], where: str) -> None:
        self._sums = sums
        self._unread = set(sums)
        self._where = where

    def __contains__(self, name: str) -> bool:
        return name in self._sums

    def require_listed(self, name: str) -> None:
        """Raise `unexpected_member` when `name` is not listed."""
        if name not in self._sums:
            message = f"{quoted(name)} is not listed in {self._where}."
            raise FormatError(Code.UNEXPECTED_MEMBER, message)

    def check(self, name: str, sha256: str) -> None:
        """Tick off `name`; `unexpected_member` when unlisted, `checksum_mismatch` when wrong."""
        self.require_listed(name)
        if self._sums[name] != sha256:
            message = f"The checksum of {quoted(name)} is not the one in {self._where}."
            raise FormatError(Code.CHECKSUM_MISMATCH, message)
        self._unread.discard(name)

    def require_all_read(self) -> None:
        """Raise `missing_member` when a listed member never came."""
        if self._unread:
            name = min(self._unread)
            message = f"{quoted(name)} is listed in {self._where} but not in the artifact."
            raise FormatError(Code.MISSING_MEMBER, message)


def parse_manifest(raw: bytes) -> Manifest:
    """The signed manifest; `bad_manifest` when a line is not `<sha256>  <name>`."""
    return Manifest(_sums(raw, "manifest"), "manifest")


def parse_augment(raw: bytes, manifest: Manifest) -> Manifest:
    """The unsigned addition to `manifest`: it may add payload files and its own header only."""
    sums = _sums(raw, "manifest-augment")
    for name in sums:
        if name in manifest or not _AUGMENTED.match(name):
            message = f"{quoted(name)} must not be listed in manifest-augment."
            raise FormatError(Code.BAD_MANIFEST, message)
    return Manifest(sums, "manifest-augment")


def _sums(raw: bytes, where: str) -> dict[str, str]:
    lines = raw.decode("ascii", "replace").split("\n")
    # Devices drop a last line without its line feed, and then miss the file it names.
    if lines.pop():
        raise FormatError(Code.BAD_MANIFEST, f"The last line of {where} has no line feed.")
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if not match or match[2] in sums:
            problem = "lists a name twice" if match else "is not '<sha256>  <name>'"
            raise FormatError(Code.BAD_MANIFEST, f"Line {number} of {where} {problem}.")
        sums[match[2]] = match[1]
    return sums
