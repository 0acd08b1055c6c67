"""Writing a version 3 .mender file with one payload for an update module."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from artifacts.formats.header_info import FORMAT
from artifacts.formats.header_writer import compact, header_documents
from artifacts.formats.limits import DEFAULT_LIMITS
from artifacts.formats.payload_source import PayloadSource, measure
from artifacts.formats.tar_writer import OuterTarWriter, tar_into

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_module_artifact(
    target: BinaryIO,
    *,
    name: str,
    device_types: Sequence[str],
    payload_type: str,
    files: Sequence[tuple[str, BinaryIO | Path]],
    metadata: Mapping[str, object] | None = None,
    provides: Mapping[str, str] | None = None,
    depends: Mapping[str, str | list[str]] | None = None,
    clears: Sequence[str] | None = None,
    compression: Literal["none", "gzip"] = "gzip",
    modified: datetime = _EPOCH,
) -> None:
    """Write an unsigned artifact to `target`, a seekable stream, from where it stands.

    Each of `files` is a name with a path or a seekable stream. It is read twice, in pieces, and
    memory does not grow with it. `provides` and `clears` default to what mender-artifact
    writes: `rootfs-image.<payload_type>.version` and `rootfs-image.<payload_type>.*`. The same
    arguments give the same bytes, never fewer than 10240.

    Raises FormatError for what `read_mender` would refuse, and ValueError when a file changes
    while it is being written.
    """
    space = f"rootfs-image.{payload_type}"
    documents = header_documents(
        {
            "payloads": [{"type": payload_type}],
            "artifact_provides": {"artifact_name": name},
            "artifact_depends": {"device_type": list(device_types)},
        },
        {
            "type": payload_type,
            "artifact_provides": {f"{space}.version": name} if provides is None else dict(provides),
            "artifact_depends": dict(depends or {}),
            "clears_artifact_provides": [f"{space}.*"] if clears is None else list(clears),
        },
        dict(metadata or {}),
    )
    sources = measure(files, most=DEFAULT_LIMITS.files)
    _write(
        OuterTarWriter(target, modified),
        documents,
        sources,
        gzip=compression == "gzip",
        modified=modified,
    )


def _write(
    outer: OuterTarWriter,
    documents: dict[str, bytes],
    sources: list[PayloadSource],
    *,
    gzip: bool,
    modified: datetime,
) -> None:
    suffix = ".tar.gz" if gzip else ".tar"
    version = compact({"format": FORMAT, "version": 3})
    header = _header(documents, gzip=gzip, modified=modified)
    outer.add("version", version)
    outer.add("manifest", _manifest(version, f"header{suffix}", header, sources))
    outer.add(f"header{suffix}", header)
    with outer.nested(f"data/0000{suffix}", gzip=gzip) as data:
        for source in sources:
            source.copy_to(data)
    outer.close()


def _header(documents: dict[str, bytes], *, gzip: bool, modified: datetime) -> bytes:
    buffer = io.BytesIO()
    with tar_into(buffer, gzip=gzip, modified=modified) as archive:
        for name, body in documents.items():
            archive.add(name, body)
    return buffer.getvalue()


def _manifest(
    version: bytes, header_name: str, header: bytes, sources: list[PayloadSource]
) -> bytes:
    sums = {f"data/0000/{source.name}": source.sha256 for source in sources}
    sums[header_name] = hashlib.sha256(header).hexdigest()
    sums["version"] = hashlib.sha256(version).hexdigest()
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
