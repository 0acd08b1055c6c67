"""Files that are kept as they come: what their artifact says of them.

They are offered to devices that take any file (DDI), never to those that speak Mender's language.
"""

import re
from typing import Any

from artifacts.contents import Facts
from artifacts.file_formats import FileFormat
from artifacts.fitting import DEVICE_TYPE, fits_of
from artifacts.links import safe_name
from artifacts.models import IncomingImage
from artifacts.storage import Incoming
from fleet.errors import Invalid
from fleet.models import AuthSet, Device
from fleet.states import Admission

MAX_VERSION = 255
_SPELT = re.compile(r"[!-~]([ -~]*[!-~])?")
# What follows the last dots of a name, but for numbers: it is no part of the version.
_ENDINGS = re.compile(r"(\.[A-Za-z][A-Za-z0-9]{0,6})+$")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)+(?:[-+~][0-9A-Za-z.]+)*")
_PLAIN = re.compile(r"(?:^|[-_ ])[vV]([0-9]+)$")


def takes_raw(device: Device) -> bool:
    """Whether an admitted device takes any file: with an accepted key it speaks Mender's."""
    keys = AuthSet.objects.filter(device=device, status=Admission.ACCEPTED)
    return not keys.exists()


def check_version(version: str) -> None:
    """Raises Invalid("image_version_invalid") for what is no version; none at all is fine."""
    if version and (len(version) > MAX_VERSION or not _SPELT.fullmatch(version)):
        text = f"A version has at most {MAX_VERSION} characters, all of them ASCII."
        raise Invalid("image_version_invalid", text, field="version")


def version_in(filename: str) -> str:
    """The version that the name of a file has in it, else "": `fw-1.2.3-rc1.tar.gz` has 1.2.3-rc1.

    It has a dot, or is a number after a v at the end of the name.
    """
    stem = _ENDINGS.sub("", filename)
    if found := _VERSION.search(stem):
        return found.group()[:MAX_VERSION]
    plain = _PLAIN.search(stem)
    return plain.group(1)[:MAX_VERSION] if plain else ""


def raw_facts(image: IncomingImage, incoming: Incoming) -> Facts:
    """What the artifact says of a file that has come for the device of `image`.

    Its release is that of the type of the device and the version of the file; without a version it
    is one of its own. Raises Invalid("device_type_unknown").
    """
    device_type = image.device.device_type
    if not device_type:
        text = "The device has not said yet of what type it is."
        raise Invalid("device_type_unknown", text)
    version = image.version
    name = f"{device_type} {version or f'image {image.number}'}"
    depends = {DEVICE_TYPE: [device_type]}
    columns = {
        "format": FileFormat.RAW.value,
        "format_version": 1,
        "device_types": [device_type],
        "provides": {"artifact_name": name},
        "depends": depends,
        "payloads": [_payload(image, incoming)],
    }
    fits = fits_of([device_type], depends)
    return Facts(name, device_type if version else "", version, columns, fits)


def _payload(image: IncomingImage, incoming: Incoming) -> dict[str, Any]:
    name = safe_name(image.filename) or f"image-{image.number}.bin"
    file = {
        "name": name,
        "sha256": incoming.sha256,
        "size": incoming.size,
        "modified": image.created_at.isoformat(),
    }
    return {"type": FileFormat.RAW.value, "files": [file], "metadata": {}}
