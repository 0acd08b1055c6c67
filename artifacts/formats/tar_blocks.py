"""The 512-byte blocks of tar: one header block, and the records of a pax header."""

import re
from dataclasses import dataclass

from artifacts.formats.errors import Code, FormatError

BLOCK = 512
_SIZE, _MTIME, _CHECKSUM = 124, 136, 148
_V7_NUMBERS = ((100, 108), (108, 116), (116, 124), (_SIZE, 136), (_MTIME, 148), (_CHECKSUM, 156))
_DEVICE_NUMBERS = ((329, 337), (337, 345))
_RECORD = re.compile(rb"([1-9][0-9]{0,4}) ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One header block. `kind` is tar's type flag, `mtime` seconds since 1970."""

    kind: bytes
    name: str
    size: int
    mtime: int


def parse_block(block: bytes, where: str) -> Entry:
    """Read a ustar, GNU or V7 header block; `corrupt` when its own checksum does not fit."""
    numbers = {start: _number(block[start:end], where) for start, end in _numbers(block)}
    if numbers[_CHECKSUM] != sum(block[:148]) + 8 * ord(" ") + sum(block[156:]):
        raise damaged(where)
    if numbers[_SIZE] < 0:
        raise damaged(where)
    name = _text(block[:100])
    prefix = _text(block[345:500])
    if block[257:263] == b"ustar\0" and prefix:
        name = f"{prefix}/{name}"
    return Entry(block[156:157], name, numbers[_SIZE], numbers[_MTIME])


def parse_pax(body: bytes, where: str) -> dict[str, str]:
    """Records of a pax header, `length key=value` each; `corrupt` when they do not add up."""
    records = {}
    while body:
        match = _RECORD.match(body)
        length = int(match[1]) if match else 0
        record = body[match.end() : length] if match else b""
        if not record.endswith(b"\n") or length > len(body):
            raise damaged(where)
        key, _, value = record[:-1].partition(b"=")
        records[_ascii(key)] = _ascii(value)
        body = body[length:]
    return records


def damaged(where: str) -> FormatError:
    """The error for a tar structure that cannot be right."""
    return FormatError(Code.CORRUPT, f"The tar structure of {where} is damaged.")


def _numbers(block: bytes) -> tuple[tuple[int, int], ...]:
    # Devices parse the fields we have no use for as well, and refuse what is not a number.
    return _V7_NUMBERS + _DEVICE_NUMBERS if block[257:262] == b"ustar" else _V7_NUMBERS


def _number(field: bytes, where: str) -> int:
    if field[0] & 0x80:  # GNU writes what octal cannot hold as a big-endian binary number
        sign = 1 << 8 * len(field) if field[0] & 0x40 else 0x80 << 8 * (len(field) - 1)
        return int.from_bytes(field, "big") - sign
    digits = field.strip(b" \0")
    if not re.fullmatch(rb"[0-7]*", digits):
        raise damaged(where)
    return int(digits or b"0", 8)


def _text(field: bytes) -> str:
    return _ascii(field.partition(b"\0")[0])


def _ascii(raw: bytes) -> str:
    # No name of ours is anything else, and a replaced character never matches a permitted name.
    return raw.decode("ascii", "replace")
