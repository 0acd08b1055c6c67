"""What an artifact file holds, in words the rest of the project uses."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PayloadFile:
    """One file of a payload: `size` in bytes, `sha256` in lower-case hex, `modified` in UTC."""

    name: str
    sha256: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Payload:
    """What one update module gets. `type` is None for a bootstrap payload, which has no files."""

    type: str | None
    files: tuple[PayloadFile, ...]
    metadata: dict[str, object]


@dataclass(frozen=True, slots=True)
class ArtifactContents:
    """Everything a file says about itself, checked against its own checksums.

    `provides` and `depends` join the header with all payloads; every value of `depends` is a
    list of the values that would do, and `depends["device_type"]` is always there.
    `signature` is the base64 text of the signature file; it was read, not verified.
    """

    format: str
    version: int
    name: str
    device_types: tuple[str, ...]
    provides: dict[str, str]
    depends: dict[str, list[str]]
    clears: tuple[str, ...]
    payloads: tuple[Payload, ...]
    signed: bool
    signature: str | None
    scripts: tuple[str, ...]
