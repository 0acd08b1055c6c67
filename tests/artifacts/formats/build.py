"""Handmade artifacts: valid by default, and every keyword of Draft breaks one thing."""

import gzip
import hashlib
import io
import json
import lzma
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
import zstandard

from artifacts.formats.contents import ArtifactContents
from artifacts.formats.errors import FormatError
from artifacts.formats.limits import DEFAULT_LIMITS, Limits
from artifacts.formats.mender import read_mender

SUFFIXES = ("", ".gz", ".xz", ".zst")
PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
Members = list[tuple[str, bytes]]


def tar(members: Iterable[tuple[str, bytes] | tarfile.TarInfo]) -> bytes:
    """A tar of plain files; a TarInfo stands for a member without a body."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            archive.addfile(info, io.BytesIO(member[1]))
    return buffer.getvalue()


def text(value: Any) -> bytes:
    """JSON text of `value`, or the bytes themselves."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def info(**changes: Any) -> dict[str, Any]:
    """A header-info of version 3 with some keys replaced."""
    return {
        "payloads": [{"type": "app"}],
        "artifact_provides": {"artifact_name": "one"},
        "artifact_depends": {"device_type": ["pi"]},
    } | changes


@dataclass
class Draft:
    """The parts of an artifact; `outer()` puts them together, `build()` makes the file."""

    version: Any = field(default_factory=lambda: {"format": "mender", "version": 3})
    header_info: Any = field(default_factory=info)
    scripts: Members = field(default_factory=list)
    type_info: Any = field(default_factory=lambda: {"type": "app"})
    metadata: Any = b""
    more_header: list[Any] = field(default_factory=list)
    files: list[Any] = field(default_factory=lambda: [("a.txt", b"hello")])
    suffix: str = ""
    sums: dict[str, str | None] = field(default_factory=dict)

    def outer(self) -> Members:
        header = [("header-info", text(self.header_info)), *self.scripts]
        header.append(("headers/0000/type-info", text(self.type_info)))
        header.append(("headers/0000/meta-data", text(self.metadata)))
        packed = PACK[self.suffix](tar([*header, *self.more_header]))
        sums = {"version": sha256(text(self.version)), f"header.tar{self.suffix}": sha256(packed)}
        plain = [file for file in self.files if isinstance(file, tuple)]
        sums |= {f"data/0000/{name}": sha256(body) for name, body in plain}
        lines = [f"{digest}  {name}\n" for name, digest in (sums | self.sums).items() if digest]
        return [
            ("version", text(self.version)),
            ("manifest", "".join(lines).encode()),
            (f"header.tar{self.suffix}", packed),
            (f"data/0000.tar{self.suffix}", PACK[self.suffix](tar(self.files))),
        ]

    def build(self) -> bytes:
        return tar(self.outer())


def read(data: bytes, limits: Limits = DEFAULT_LIMITS) -> ArtifactContents:
    return read_mender(io.BytesIO(data), limits=limits)


def refused(data: bytes, limits: Limits = DEFAULT_LIMITS) -> FormatError:
    """The error the reader raises for `data`; its message must be a sentence."""
    with pytest.raises(FormatError) as caught:
        read(data, limits)
    assert str(caught.value).endswith(".")
    return caught.value
