"""Software modules. Source: hawkBit, /rest/v1/softwaremodules."""

from typing import Any

from api.hawkbit.errors import violation
from api.hawkbit.finding_repository import module_numbered, module_rows, undeleted
from api.hawkbit.listing.repository import SOFTWARE_MODULES
from api.hawkbit.lists import listed
from api.hawkbit.members import text_of, truth_of
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.repository import listed_module, software_module
from artifacts.modules import (
    ModuleChange,
    ModuleFacts,
    change_module,
    create_module,
    delete_module,
)


class Modules(Resource):
    needs = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.CREATE_REPOSITORY,)}

    def get(self, call: Call) -> dict[str, Any]:
        rows = undeleted(call, module_rows(call))
        return listed(
            call, SOFTWARE_MODULES, rows, lambda page: [listed_module(call, row) for row in page]
        )

    def post(self, call: Call) -> Answer:
        made = [
            create_module(actor=call.actor, organization=call.organization, facts=_facts(body))
            for body in json_objects(call)
        ]
        return Answer(CREATED, [listed_module(call, row) for row in made])


class OneModule(Resource):
    needs = {
        "GET": (Right.READ_REPOSITORY,),
        "PUT": (Right.UPDATE_REPOSITORY,),
        "DELETE": (Right.DELETE_REPOSITORY,),
    }

    def get(self, call: Call, module_id: int) -> dict[str, Any]:
        return software_module(call, module_numbered(call, module_id))

    def put(self, call: Call, module_id: int) -> dict[str, Any]:
        body, module = json_object(call), module_numbered(call, module_id)
        change = ModuleChange(
            vendor=text_of(body, "vendor"),
            description=text_of(body, "description"),
            is_locked=truth_of(body, "locked"),
        )
        changed = change_module(actor=call.actor, module=module, change=change)
        return software_module(call, changed)

    def delete(self, call: Call, module_id: int) -> Answer:
        delete_module(actor=call.actor, module=module_numbered(call, module_id))
        return NOTHING


def _facts(body: dict[str, Any]) -> ModuleFacts:
    kind = text_of(body, "type")
    if kind is None:
        raise violation("type", "must not be null")
    return ModuleFacts(
        name=text_of(body, "name") or "",
        version=text_of(body, "version") or "",
        type=kind,
        vendor=text_of(body, "vendor") or "",
        description=text_of(body, "description") or "",
        is_encrypted=truth_of(body, "encrypted") or False,
    )
