"""What a raw file is to become: which recipes make sense, and the artifact that follows one."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from artifacts.contents import MAX_DEVICE_TYPE
from artifacts.fitting import fits_of
from artifacts.formats.errors import FormatError
from artifacts.formats.mender_writer import write_module_artifact
from artifacts.operations import check_description
from fleet.errors import Invalid

MODULE = "single-file"
# Mender's own names for what stands beside the file in the payload.
COMPANIONS = {"dest_dir", "filename", "permissions"}
MAX_TEXT = 256
MAX_PATH = 4096
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a raw file becomes: `filename` in `dest_dir`, which is absolute, on the device.

    What is installed is known there as `<software_filesystem>.<software_name>.version` with the
    value `software_version`; they default to "rootfs-image", "single-file" and `name`.
    """

    name: str
    device_types: Sequence[str]
    filename: str
    dest_dir: str
    description: str = ""
    software_filesystem: str = ""
    software_name: str = ""
    software_version: str = ""


def check(recipe: Recipe) -> None:
    """Raises Invalid with the field: "invalid_field", "too_many_fits", or the format's code."""
    _check_text("name", recipe.name, MAX_TEXT, is_required=True)
    if not recipe.device_types:
        raise _invalid("device_types_compatible", "must name a device type")
    for device_type in recipe.device_types:
        _check_text("device_types_compatible", device_type, MAX_DEVICE_TYPE, is_required=True)
    for field in ("software_filesystem", "software_name", "software_version"):
        _check_text(field, getattr(recipe, field), MAX_TEXT)
    _check_text("dest_dir", recipe.dest_dir, MAX_PATH, is_required=True)
    if not recipe.dest_dir.startswith("/"):
        raise _invalid("dest_dir", "must be an absolute path")
    if recipe.filename in COMPANIONS:
        raise _invalid("filename", f"must not be {recipe.filename}")
    check_description(recipe.description)
    fits_of(recipe.device_types, {})
    # The writer has the rules for all the rest.
    write(io.BytesIO(), recipe=recipe, raw=io.BytesIO())


def write(
    target: BinaryIO, *, recipe: Recipe, raw: BinaryIO | Path, modified: datetime = EPOCH
) -> None:
    """Write the artifact that wraps `raw`; raises Invalid with the format's code."""
    space = f"{recipe.software_filesystem or 'rootfs-image'}.{recipe.software_name or MODULE}"
    texts = {"dest_dir": recipe.dest_dir, "filename": recipe.filename, "permissions": "644"}
    companions = [(name, io.BytesIO(f"{text}\n".encode())) for name, text in texts.items()]
    try:
        write_module_artifact(
            target,
            name=recipe.name,
            device_types=recipe.device_types,
            payload_type=MODULE,
            files=[*companions, (recipe.filename, raw)],
            provides={f"{space}.version": recipe.software_version or recipe.name},
            clears=[f"{space}.*"],
            modified=modified,
        )
    except FormatError as error:
        raise Invalid(error.code, str(error), field="args") from error


def _check_text(field: str, text: str, longest: int, *, is_required: bool = False) -> None:
    if is_required and not text:
        raise _invalid(field, "must not be empty")
    if len(text) > longest:
        raise _invalid(field, f"has more than {longest} characters")
    if _CONTROL.search(text):
        raise _invalid(field, "contains a control character")


def _invalid(field: str, what: str) -> Invalid:
    return Invalid("invalid_field", f"{field}: {what}", field=field)
