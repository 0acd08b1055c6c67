"""The JSON documents of an artifact: version, header-info, type-info and (version 2) files."""

from dataclasses import dataclass

from artifacts.formats.errors import Code, FormatError, quoted
from artifacts.formats.fields import Fields
from artifacts.formats.limits import Limits

FORMAT = "mender"
VERSIONS = (2, 3)


@dataclass(frozen=True, slots=True)
class HeaderInfo:
    """header-info: a type per payload (None for bootstrap), and the header's own keys."""

    types: tuple[str | None, ...]
    provides: dict[str, str]
    depends: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class TypeInfo:
    """type-info of one payload. `clears` is None when the document does not mention it."""

    type: str
    provides: dict[str, str]
    depends: dict[str, list[str]]
    clears: tuple[str, ...] | None


def parse_version(raw: bytes, limits: Limits) -> int:
    """The format version; `not_an_artifact` or `unsupported_version` when it is not ours."""
    fields = Fields.parse(raw, "version", limits, known="format version")
    if (name := fields.text("format")) != FORMAT:
        message = f"The format {quoted(name)} is not '{FORMAT}'."
        raise FormatError(Code.NOT_AN_ARTIFACT, message)
    if (version := fields.number("version")) not in VERSIONS:
        message = f"Format version {version} is not supported; versions 2 and 3 are."
        raise FormatError(Code.UNSUPPORTED_VERSION, message)
    return version


def parse_header_info(raw: bytes, version: int, limits: Limits) -> HeaderInfo:
    """header-info of either version; `bad_header` when something is missing or unknown."""
    return _version_2(raw, limits) if version == 2 else _version_3(raw, limits)


def parse_type_info(raw: bytes, where: str, version: int, limits: Limits) -> TypeInfo:
    """type-info of either version; in version 2 it holds nothing but the type."""
    known = "type artifact_provides artifact_depends clears_artifact_provides"
    fields = Fields.parse(raw, where, limits, known="type" if version == 2 else known)
    clears = "clears_artifact_provides"
    return TypeInfo(
        type=fields.optional_text("type"),
        provides=fields.text_map("artifact_provides"),
        depends=fields.choice_map("artifact_depends"),
        clears=tuple(fields.texts(clears)) if clears in fields else None,
    )


def parse_augment_types(raw: bytes, limits: Limits) -> tuple[str, ...]:
    """The types in the header-info of an augmented header; empty text overrides nothing.

    Writers repeat the signed header's provides and depends there, and nobody reads them.
    """
    known = "payloads artifact_provides artifact_depends"
    fields = Fields.parse(raw, "the augmented header-info", limits, known=known)
    payloads = fields.each("payloads", known="type")
    return tuple(payload.optional_text("type") for payload in payloads)


def parse_files(raw: bytes, where: str, limits: Limits) -> tuple[str, ...]:
    """The list of payload files that version 2 keeps beside type-info."""
    return tuple(Fields.parse(raw, where, limits, known="files").texts("files"))


def _version_3(raw: bytes, limits: Limits) -> HeaderInfo:
    known = "payloads artifact_provides artifact_depends"
    fields = Fields.parse(raw, "header-info", limits, known=known)
    provides = fields.fields("artifact_provides", known="artifact_name artifact_group")
    depends = fields.fields("artifact_depends", known="device_type artifact_name artifact_group")
    given = {"artifact_name": provides.text("artifact_name")}
    if group := provides.optional_text("artifact_group"):
        given["artifact_group"] = group
    wanted = {"device_type": _devices(depends.texts("device_type"))}
    for key in ("artifact_name", "artifact_group"):
        if choices := depends.texts(key):
            wanted[key] = choices
    types = _types(fields.each("payloads", known="type"), limits, bootstrap=True)
    return HeaderInfo(types, given, wanted)


def _version_2(raw: bytes, limits: Limits) -> HeaderInfo:
    known = "updates device_types_compatible artifact_name"
    fields = Fields.parse(raw, "header-info", limits, known=known)
    given = {"artifact_name": fields.text("artifact_name")}
    wanted = {"device_type": _devices(fields.texts("device_types_compatible"))}
    types = _types(fields.each("updates", known="type"), limits, bootstrap=False)
    return HeaderInfo(types, given, wanted)


def _devices(names: list[str]) -> list[str]:
    if not names:
        raise FormatError(Code.BAD_HEADER, "The header-info names no device type.")
    return list(dict.fromkeys(names))


def _types(payloads: list[Fields], limits: Limits, *, bootstrap: bool) -> tuple[str | None, ...]:
    if not 1 <= len(payloads) <= limits.payloads:
        message = f"The header-info must list 1 to {limits.payloads} payloads."
        raise FormatError(Code.BAD_HEADER, message)
    return tuple(
        None
        if bootstrap and payload.has("type") and "type" not in payload
        else payload.text("type")
        for payload in payloads
    )
