"""Reading a .mender file: an outer tar that holds version, manifest, header and payloads."""

import base64
import hashlib
from typing import BinaryIO

from artifacts.formats.assembly import PayloadPlan, join_depends, join_provides, plan_payloads
from artifacts.formats.contents import ArtifactContents, Payload, PayloadFile
from artifacts.formats.errors import Code, FormatError
from artifacts.formats.header import AugmentHeader, Header, read_augment_header, read_header
from artifacts.formats.header_info import FORMAT, parse_version
from artifacts.formats.limits import DEFAULT_LIMITS, Limits
from artifacts.formats.manifest import Manifest, parse_augment, parse_manifest
from artifacts.formats.outer import Outer
from artifacts.formats.payload import PayloadReader


def read_mender(stream: BinaryIO, *, limits: Limits = DEFAULT_LIMITS) -> ArtifactContents:
    """Read a version 2 or 3 artifact to its end and check all of it.

    The stream is read forward only, in pieces, with memory that does not grow with its size.
    Raises FormatError and nothing else for a file that is not a whole and valid artifact. The
    signature is reported, not verified: that takes a key, and is the device's business.
    """
    outer = Outer(stream, limits)
    raw_version = outer.small("version", limits.version)
    version = parse_version(raw_version, limits)
    manifest = parse_manifest(outer.small("manifest", limits.manifest))
    manifest.check("version", hashlib.sha256(raw_version).hexdigest())
    signature = _signature(outer.optional("manifest.sig", limits.signature))
    augment = _augment(outer, manifest, version, limits)
    header = _header(outer, manifest, version, limits)
    extra = _augment_header(outer, augment, limits)
    plans = plan_payloads(header, extra)
    payloads = _payloads(outer, plans, PayloadReader(manifest, augment, limits))
    outer.require_end()
    for listed in (manifest, augment):
        if listed:
            listed.require_all_read()
    return _contents(version, header, plans, payloads, signature)


def _signature(raw: bytes | None) -> str | None:
    if raw is None:
        return None
    text = raw.decode("ascii", "replace").strip()
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise FormatError(Code.BAD_MANIFEST, "'manifest.sig' is not base64 text.") from error
    return text


def _augment(outer: Outer, manifest: Manifest, version: int, limits: Limits) -> Manifest | None:
    if version == 2:
        return None
    raw = outer.optional("manifest-augment", limits.manifest)
    return None if raw is None else parse_augment(raw, manifest)


def _header(outer: Outer, manifest: Manifest, version: int, limits: Limits) -> Header:
    packed = outer.header("header")
    header = read_header(packed.archive, version, limits)
    manifest.check(packed.name, packed.hashed.sha256())
    outer.advance()
    return header


def _augment_header(outer: Outer, augment: Manifest | None, limits: Limits) -> AugmentHeader | None:
    if augment is None:
        return None
    packed = outer.header("header-augment")
    header = read_augment_header(packed.archive, limits)
    augment.check(packed.name, packed.hashed.sha256())
    outer.advance()
    return header


def _payloads(outer: Outer, plans: list[PayloadPlan], reader: PayloadReader) -> tuple[Payload, ...]:
    return tuple(_payload(outer, index, plan, reader) for index, plan in enumerate(plans))


def _payload(outer: Outer, index: int, plan: PayloadPlan, reader: PayloadReader) -> Payload:
    files: tuple[PayloadFile, ...] = ()
    # Writers give a bootstrap payload an empty archive or none at all.
    if archive := outer.payload(index, required=plan.type is not None):
        files = reader.read(archive, index)
        outer.advance()
    if plan.type is None and files:
        raise FormatError(Code.UNEXPECTED_MEMBER, f"The bootstrap payload {index} has files.")
    if plan.files is not None and set(plan.files) != {file.name for file in files}:
        message = f"'headers/{index:04}/files' does not name the files of payload {index}."
        raise FormatError(Code.BAD_HEADER, message)
    return Payload(plan.type, files, plan.metadata)


def _contents(
    version: int,
    header: Header,
    plans: list[PayloadPlan],
    payloads: tuple[Payload, ...],
    signature: str | None,
) -> ArtifactContents:
    provides = join_provides(header, plans)
    depends = join_depends(header, plans)
    return ArtifactContents(
        format=FORMAT,
        version=version,
        name=provides["artifact_name"],
        device_types=tuple(depends["device_type"]),
        provides=provides,
        depends=depends,
        clears=tuple(key for plan in plans for key in plan.clears),
        payloads=payloads,
        signed=signature is not None,
        signature=signature,
        scripts=header.scripts,
    )
