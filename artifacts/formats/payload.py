"""The data archives: the files of each payload, checked and measured but not kept."""

import re

from artifacts.formats.contents import PayloadFile
from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.limits import Limits
from artifacts.formats.manifest import Manifest
from artifacts.formats.streams import Hashed, chunks
from artifacts.formats.tarstream import Member, TarReader

_MAX_NAME = 255
_NAME = re.compile(r"[A-Za-z0-9_\-.,]+")


def require_file_name(name: str) -> None:
    """Raise `unsafe_name` unless a device may create a payload file called `name`."""
    if not _NAME.fullmatch(name) or name in (".", "..") or len(name) > _MAX_NAME:
        message = f"{quoted(name)} is not a permitted name for a payload file."
        raise FormatError(Code.UNSAFE_NAME, message)


class PayloadReader:
    """Reads data archives one after the other against the checksums of both manifests."""

    def __init__(self, manifest: Manifest, augment: Manifest | None, limits: Limits) -> None:
        self._manifest, self._augment = manifest, augment
        self._files_left = limits.files

    def read(self, archive: TarReader, index: int) -> tuple[PayloadFile, ...]:
        """The files of payload `index`, in the archive's order."""
        files: dict[str, PayloadFile] = {}
        while member := archive.next():
            require_file_name(member.name)
            self._files_left -= 1
            if self._files_left < 0:
                raise FormatError(Code.TOO_LARGE, "The artifact has too many payload files.")
            if member.name in files:
                message = f"{quoted(member.name)} is in payload {index} twice."
                raise FormatError(Code.UNEXPECTED_MEMBER, message)
            files[member.name] = self._file(member, f"data/{index:04}/{member.name}")
        return tuple(files.values())

    def _file(self, member: Member, listed_as: str) -> PayloadFile:
        augmented = self._augment is not None and listed_as in self._augment
        manifest = self._augment if augmented and self._augment else self._manifest
        manifest.require_listed(listed_as)
        hashed = Hashed(member)
        for _ in chunks(hashed):
            pass
        manifest.check(listed_as, hashed.sha256())
        return PayloadFile(member.name, hashed.sha256(), member.size, member.modified)
