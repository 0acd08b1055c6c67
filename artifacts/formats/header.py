"""The header archive: header-info, then state scripts, then a few documents per payload."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.header_info import (
    HeaderInfo,
    TypeInfo,
    parse_augment_types,
    parse_files,
    parse_header_info,
    parse_type_info,
)
from artifacts.formats.jsontext import parse_object
from artifacts.formats.limits import Limits
from artifacts.formats.streams import read_fully
from artifacts.formats.tarstream import Member, TarReader

_SCRIPT = re.compile(r"scripts/([A-Za-z]+_(?:Enter|Leave|Error)_[0-9]{2}[!-.0-~]*)")
_DOCUMENT = re.compile(r"headers/([0-9]{4})/(type-info|meta-data|files)")


@dataclass(slots=True)
class PayloadHeader:
    """The documents of one payload; None for one that is not there (`files`: version 2 only)."""

    type_info: TypeInfo | None = None
    metadata: dict[str, object] | None = None
    files: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """The signed header, with one entry in `payloads` for each type in `info`."""

    info: HeaderInfo
    scripts: tuple[str, ...]
    payloads: list[PayloadHeader]


@dataclass(frozen=True, slots=True)
class AugmentHeader:
    """The unsigned addition: a type (empty to keep) and documents for each payload."""

    types: tuple[str, ...]
    payloads: list[PayloadHeader]


def read_header(archive: TarReader, version: int, limits: Limits) -> Header:
    """Read the whole archive; `bad_header`, `unexpected_member`, `missing_member`, `too_large`."""
    members = _Members(archive, limits)
    info = parse_header_info(members.header_info(), version, limits)
    payloads = [PayloadHeader() for _ in info.types]
    scripts = []
    for member in members:
        script = _SCRIPT.fullmatch(member.name)
        if script and not members.documents:
            scripts.append(script[1])
        else:
            members.add_document(member, payloads, version)
    for index, payload in enumerate(payloads):
        if payload.type_info is None:
            message = f"The header has no headers/{index:04}/type-info."
            raise FormatError(Code.MISSING_MEMBER, message)
    return Header(info, tuple(scripts), payloads)


def read_augment_header(archive: TarReader, limits: Limits) -> AugmentHeader:
    """Read an augmented header, which only version 3 has; same errors as `read_header`."""
    members = _Members(archive, limits)
    types = parse_augment_types(members.header_info(), limits)
    payloads = [PayloadHeader() for _ in types]
    for member in members:
        members.add_document(member, payloads, version=3)
    return AugmentHeader(types, payloads)


class _Members:
    """The members of a header archive, each name once and all of them within the limits."""

    def __init__(self, archive: TarReader, limits: Limits) -> None:
        self._archive, self._limits = archive, limits
        self._bytes_left, self._json_left = limits.header, limits.json_total
        self._seen: set[str] = set()
        self.documents = 0

    def header_info(self) -> bytes:
        member = self._next()
        if member is None or member.name != "header-info":
            message = "The first member of the header must be 'header-info'."
            raise FormatError(Code.MISSING_MEMBER, message)
        return self._document(member)

    def __iter__(self) -> Iterator[Member]:
        while member := self._next():
            yield member

    def add_document(self, member: Member, payloads: list[PayloadHeader], version: int) -> None:
        """Parse `headers/NNNN/<document>` and put it where it belongs."""
        match = _DOCUMENT.fullmatch(member.name)
        if not match or int(match[1]) >= len(payloads) or (match[2] == "files" and version > 2):
            message = f"{quoted(member.name)} has no place there in the header."
            raise FormatError(Code.UNEXPECTED_MEMBER, message)
        self.documents += 1
        payload, raw = payloads[int(match[1])], self._document(member)
        if match[2] == "type-info":
            payload.type_info = parse_type_info(raw, member.name, version, self._limits)
        elif match[2] == "files":
            payload.files = parse_files(raw, member.name, self._limits)
        elif raw.strip():
            payload.metadata = parse_object(raw, member.name, self._limits)

    def _next(self) -> Member | None:
        member = self._archive.next()
        if member is None:
            return None
        if member.name in self._seen:
            message = f"{quoted(member.name)} is in the header twice."
            raise FormatError(Code.UNEXPECTED_MEMBER, message)
        self._seen.add(member.name)
        self._bytes_left -= member.size
        if self._bytes_left < 0 or len(self._seen) > self._limits.header_members:
            raise FormatError(Code.TOO_LARGE, "The header is larger than the limit.")
        return member

    def _document(self, member: Member) -> bytes:
        self._json_left -= member.size
        if member.size > self._limits.json_member or self._json_left < 0:
            raise FormatError(Code.TOO_LARGE, f"{quoted(member.name)} is larger than the limit.")
        return read_fully(member, member.size)
