"""The files of what the device is to install, or has installed."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from api.hawkbit.ddi import shapes
from api.hawkbit.ddi.resources import DeviceCall, DeviceResource, identify
from api.hawkbit.error_codes import REPOSITORY as PACKAGE
from api.hawkbit.errors import Failure, Refused, not_found
from artifacts.chunks import File
from artifacts.serving import serve
from deployments.feedback import note_download
from deployments.fetching import Fetchable, content_of, fetchable

CHECKSUM = ".MD5SUM"


class Artifacts(DeviceResource):
    methods = frozenset({"GET"})

    def get(self, call: DeviceCall, module: int) -> list[dict[str, Any]]:
        return shapes.files(_found(call, module).chunk, call.root)


class Artifact(DeviceResource):
    """The bytes; whoever may download anonymously proves nothing, but for a device that may."""

    methods = frozenset({"GET"})
    is_file = True

    def identify(self, call: DeviceCall, tenant: str, controller_id: str) -> None:
        identify(call, tenant, controller_id, is_download=True)

    def get(self, call: DeviceCall, module: int, filename: str) -> HttpResponseBase:
        found = _found(call, module)
        if file := _named(found, filename):
            return _sent(call, found, file)
        if filename.endswith(CHECKSUM) and (file := _named(found, filename.removesuffix(CHECKSUM))):
            text = f"{file.md5}  {file.filename}"
            return HttpResponse(text, content_type="text/plain")
        raise not_found("Artifact", filename)


def _found(call: DeviceCall, module: int) -> Fetchable:
    found = fetchable(call.device, module)
    if found is None:
        raise not_found("SoftwareModule", module)
    return found


def _named(found: Fetchable, filename: str) -> File | None:
    return next((each for each in found.chunk.files if each.filename == filename), None)


def _sent(call: DeviceCall, found: Fetchable, file: File) -> HttpResponseBase:
    try:
        response = serve(call, content_of(found, file))
    except FileNotFoundError as error:
        name = PACKAGE + "ArtifactBinaryNoLongerExistsException"
        message = "The artifact binary does not exist any more."
        raise Refused(Failure(410, "artifact.binaryDeleted", name, message)) from error
    # A range is the rest of what was begun before.
    if call.method == "GET" and response.status_code == 200 and found.row.is_open:
        note_download(row=found.row, path=call.path)
    return response
