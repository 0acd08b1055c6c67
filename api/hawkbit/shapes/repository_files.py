"""Files of software modules as hawkBit tells of them."""

from typing import Any

from api.hawkbit.members import milliseconds
from api.hawkbit.requests import Call, link
from api.hawkbit.shapes.repository import MODULES
from artifacts.chunks import File
from artifacts.models import SoftwareModule


def module_file(call: Call, module: SoftwareModule, file: File) -> dict[str, Any]:
    at = f"{MODULES}/{module.pk}/artifacts/{file.number}"
    return {
        "createdBy": file.created_by,
        "createdAt": milliseconds(file.created_at),
        "lastModifiedBy": file.created_by,
        "lastModifiedAt": milliseconds(file.created_at),
        "hashes": {"sha1": file.sha1, "md5": file.md5, "sha256": file.sha256},
        "providedFilename": file.filename,
        "size": file.size,
        "_links": {"self": link(call, at), "download": link(call, f"{at}/download")},
        "id": file.number,
    }
