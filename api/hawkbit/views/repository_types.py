"""Types of software modules and of distribution sets.

Source: hawkBit, /rest/v1/softwaremoduletypes and /rest/v1/distributionsettypes.
"""

from typing import Any, ClassVar

from api.hawkbit.errors import not_found, violation
from api.hawkbit.finding_repository import type_numbered, type_rows, undeleted
from api.hawkbit.listing.repository import DISTRIBUTION_SET_TYPES, SOFTWARE_MODULE_TYPES
from api.hawkbit.lists import listed
from api.hawkbit.members import number_of, objects_of, text_of
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.repository_types import module_type, module_types, set_type, set_types
from artifacts.models import ModuleType, ReleaseType
from artifacts.release_types import Need, add_part, create_release_type, remove_part
from artifacts.types import (
    TypeChange,
    TypeFacts,
    change_type,
    create_module_type,
    delete_type,
)

MANY = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.CREATE_REPOSITORY,)}
ONE = {
    "GET": (Right.READ_REPOSITORY,),
    "PUT": (Right.UPDATE_REPOSITORY,),
    "DELETE": (Right.DELETE_REPOSITORY,),
}


class ModuleTypes(Resource):
    needs = MANY

    def get(self, call: Call) -> dict[str, Any]:
        rows = undeleted(call, type_rows(call, ModuleType))
        return listed(call, SOFTWARE_MODULE_TYPES, rows, lambda page: module_types(call, page))

    def post(self, call: Call) -> Answer:
        made = [
            create_module_type(
                actor=call.actor,
                organization=call.organization,
                facts=_facts(body),
                max_assignments=_or(number_of(body, "maxAssignments"), 1),
            )
            for body in json_objects(call)
        ]
        return Answer(CREATED, module_types(call, made))


class OneModuleType(Resource):
    needs = ONE

    def get(self, call: Call, type_id: int) -> dict[str, Any]:
        return module_type(call, type_numbered(call, ModuleType, type_id))

    def put(self, call: Call, type_id: int) -> dict[str, Any]:
        change = _change(json_object(call))
        row = type_numbered(call, ModuleType, type_id)
        return module_type(call, change_type(actor=call.actor, row=row, change=change))

    def delete(self, call: Call, type_id: int) -> Answer:
        delete_type(actor=call.actor, row=type_numbered(call, ModuleType, type_id))
        return NOTHING


class SetTypes(Resource):
    needs = MANY

    def get(self, call: Call) -> dict[str, Any]:
        rows = undeleted(call, type_rows(call, ReleaseType))
        return listed(call, DISTRIBUTION_SET_TYPES, rows, lambda page: set_types(call, page))

    def post(self, call: Call) -> Answer:
        made = [
            create_release_type(
                actor=call.actor,
                organization=call.organization,
                facts=_facts(body),
                mandatory=_ids(body, "mandatorymodules"),
                optional=_ids(body, "optionalmodules"),
            )
            for body in json_objects(call)
        ]
        return Answer(CREATED, set_types(call, made))


class OneSetType(Resource):
    needs = ONE

    def get(self, call: Call, type_id: int) -> dict[str, Any]:
        return set_type(call, type_numbered(call, ReleaseType, type_id))

    def put(self, call: Call, type_id: int) -> dict[str, Any]:
        change = _change(json_object(call))
        row = type_numbered(call, ReleaseType, type_id)
        return set_type(call, change_type(actor=call.actor, row=row, change=change))

    def delete(self, call: Call, type_id: int) -> Answer:
        delete_type(actor=call.actor, row=type_numbered(call, ReleaseType, type_id))
        return NOTHING


class PartTypes(Resource):
    """The module types that sets of a type must have, or may have: `need` says which."""

    needs = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.UPDATE_REPOSITORY,)}
    need: ClassVar[Need] = Need.MANDATORY

    def get(self, call: Call, type_id: int) -> list[dict[str, Any]]:
        row = type_numbered(call, ReleaseType, type_id)
        return module_types(call, list(getattr(row, self.need).all()))

    def post(self, call: Call, type_id: int) -> Answer:
        number = number_of(json_object(call), "id")
        if number is None:
            raise violation("id", "must not be null")
        row = type_numbered(call, ReleaseType, type_id)
        add_part(actor=call.actor, row=row, number=number, need=self.need)
        return NOTHING


class OptionalPartTypes(PartTypes):
    need = Need.OPTIONAL


class OnePartType(Resource):
    """One of those module types."""

    needs = {"GET": (Right.READ_REPOSITORY,), "DELETE": (Right.UPDATE_REPOSITORY,)}
    need: ClassVar[Need] = Need.MANDATORY

    def get(self, call: Call, type_id: int, part_id: int) -> dict[str, Any]:
        row = type_numbered(call, ReleaseType, type_id)
        part = getattr(row, self.need).filter(pk=part_id).first()
        if part is None:
            raise not_found("SoftwareModuleType", part_id)
        return module_type(call, part)

    def delete(self, call: Call, type_id: int, part_id: int) -> Answer:
        row = type_numbered(call, ReleaseType, type_id)
        remove_part(actor=call.actor, row=row, number=part_id, need=self.need)
        return NOTHING


class OneOptionalPartType(OnePartType):
    need = Need.OPTIONAL


def _facts(body: dict[str, Any]) -> TypeFacts:
    return TypeFacts(
        key=text_of(body, "key") or "",
        name=text_of(body, "name") or "",
        description=text_of(body, "description") or "",
        colour=text_of(body, "colour") or "",
    )


def _change(body: dict[str, Any]) -> TypeChange:
    return TypeChange(description=text_of(body, "description"), colour=text_of(body, "colour"))


def _ids(body: dict[str, Any], name: str) -> list[int]:
    return [_or(number_of(each, "id"), 0) for each in objects_of(body, name) or []]


def _or(number: int | None, default: int) -> int:
    return default if number is None else number
