"""The files of software modules, which hawkBit calls artifacts.

Source: hawkBit, /rest/v1/softwaremodules/{softwareModuleId}/artifacts.
"""

from typing import Any

from django.http.response import HttpResponseBase

from api.hawkbit.error_codes import REPOSITORY
from api.hawkbit.errors import Failure, Refused, bare, not_found
from api.hawkbit.finding_repository import module_numbered
from api.hawkbit.negotiation import HAL, JSON
from api.hawkbit.requests import Call, require_media_type
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.repository_files import module_file
from artifacts.chunks import File, files_of
from artifacts.models import ModuleFile, SoftwareModule
from artifacts.module_files import Promise, add_file, delete_file
from artifacts.modules import require_own_files
from artifacts.receiving import expect_file, file_name, received_file
from artifacts.serving import Content, serve

FORM = frozenset({"multipart/form-data"})


class Files(Resource):
    needs = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.CREATE_REPOSITORY,)}
    bodies = frozenset()
    is_atomic = False

    def get(self, call: Call, module_id: int) -> list[dict[str, Any]]:
        module = module_numbered(call, module_id)
        return [module_file(call, module, file) for file in files_of(module)]

    def post(self, call: Call, module_id: int) -> Answer:
        require_media_type(call, FORM)
        module = module_numbered(call, module_id, "artifacts.add_artifact")
        expect_file(call, call.organization)
        incoming = received_file(call)
        if not incoming.size:
            raise bare(400)
        query = call.GET
        kept = add_file(
            actor=call.actor,
            module=module,
            incoming=incoming,
            filename=query.get("filename") or file_name(call),
            promise=Promise(
                sha256=query.get("sha256sum", ""),
                sha1=query.get("sha1sum", ""),
                md5=query.get("md5sum", ""),
            ),
        )
        return Answer(CREATED, module_file(call, module, File.of(kept)))


class OneFile(Resource):
    needs = {"GET": (Right.READ_REPOSITORY,), "DELETE": (Right.DELETE_REPOSITORY,)}

    def get(self, call: Call, module_id: int, file_id: int) -> dict[str, Any]:
        module = module_numbered(call, module_id)
        return module_file(call, module, _file(module, file_id))

    def delete(self, call: Call, module_id: int, file_id: int) -> Answer:
        module = module_numbered(call, module_id)
        require_own_files(module)
        rows = ModuleFile.objects.filter(module=module).select_related("module__organization")
        found = rows.filter(pk=file_id).first()
        if found is None:
            raise not_found("Artifact", file_id)
        delete_file(actor=call.actor, file=found)
        return NOTHING


class Download(Resource):
    needs = {"GET": (Right.DOWNLOAD_REPOSITORY_ARTIFACT,)}
    offered = ("application/octet-stream", HAL, JSON)  # the last two for the errors

    def get(self, call: Call, module_id: int, file_id: int) -> HttpResponseBase:
        module = module_numbered(call, module_id, "artifacts.view_artifact")
        found = _file(module, file_id)
        try:
            return serve(call, Content.of(found))
        except FileNotFoundError:
            raise _gone(found) from None


def _file(module: SoftwareModule, number: int) -> File:
    for file in files_of(module):
        if file.number == number:
            return file
    raise not_found("Artifact", number)


def _gone(file: File) -> Refused:
    name = REPOSITORY + "ArtifactBinaryNotFoundException"
    message = f"The bytes of {file.filename} have been deleted"
    return Refused(Failure(410, "artifact.binaryDeleted", name, message))
