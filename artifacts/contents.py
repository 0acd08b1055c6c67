"""From what a file says about itself to what we keep of it."""

from dataclasses import dataclass
from typing import Any

from artifacts.fitting import Fits, fits_of
from artifacts.formats.contents import ArtifactContents, Payload
from artifacts.formats.errors import FormatError
from artifacts.formats.mender import read_mender
from artifacts.models import Fit, Release
from artifacts.storage import Incoming, Stored
from fleet.errors import Invalid

MAX_NAME = Release._meta.get_field("name").max_length or 0
MAX_DEVICE_TYPE = Fit._meta.get_field("device_type").max_length or 0


@dataclass(frozen=True, slots=True)
class Facts:
    """The release's name, title and version, the artifact's columns, and what it fits."""

    name: str
    title: str
    version: str
    columns: dict[str, Any]
    fits: Fits


def facts_of(incoming: Incoming | Stored) -> Facts:
    """Read a file that is all there.

    Raises Invalid with the reader's code, or "too_long", "too_many_fits".
    """
    try:
        with incoming.open() as stream:
            contents = read_mender(stream)
    except FormatError as error:
        raise Invalid(error.code, str(error), field="artifact") from error
    _check_length("artifact_name", contents.name, MAX_NAME)
    for device_type in contents.device_types:
        _check_length("device_type", device_type, MAX_DEVICE_TYPE)
    fits = fits_of(contents.device_types, contents.depends)
    return Facts(contents.name, contents.name, contents.name, _columns(contents), fits)


def _check_length(field: str, value: str, limit: int) -> None:
    if len(value) > limit:
        raise Invalid("too_long", f"{field} has more than {limit} characters.", field=field)


def _columns(contents: ArtifactContents) -> dict[str, Any]:
    return {
        "format": contents.format,
        "format_version": contents.version,
        "device_types": list(contents.device_types),
        "provides": contents.provides,
        "depends": contents.depends,
        "clears": list(contents.clears),
        "payloads": [_payload(payload) for payload in contents.payloads],
        "scripts": list(contents.scripts),
        "signature": contents.signature or "",
    }


def _payload(payload: Payload) -> dict[str, Any]:
    files = [
        {
            "name": file.name,
            "sha256": file.sha256,
            "size": file.size,
            "modified": file.modified.isoformat(),
        }
        for file in payload.files
    ]
    return {"type": payload.type, "files": files, "metadata": payload.metadata}
