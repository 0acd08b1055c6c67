"""Distribution sets. Source: hawkBit, /rest/v1/distributionsets."""

from typing import Any

from api.hawkbit.errors import not_readable, violation
from api.hawkbit.finding_repository import set_numbered, set_rows, undeleted
from api.hawkbit.listing.repository import DISTRIBUTION_SETS, SOFTWARE_MODULES
from api.hawkbit.lists import listed
from api.hawkbit.members import number_of, object_of, objects_of, text_of, truth_of
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.repository import distribution_set, listed_module, listed_set
from artifacts.default_types import DEFAULT
from artifacts.parts import assign_modules, unassign_module
from artifacts.retiring import delete_set, invalidate
from artifacts.sets import SetChange, SetFacts, change_set, create_set
from artifacts.signals import Cancelation

# How clients of old name a module of these types, beside the list.
NAMED = ("os", "runtime", "application")


class Sets(Resource):
    needs = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.CREATE_REPOSITORY,)}

    def get(self, call: Call) -> dict[str, Any]:
        rows = undeleted(call, set_rows(call))
        return listed(
            call, DISTRIBUTION_SETS, rows, lambda page: [listed_set(call, row) for row in page]
        )

    def post(self, call: Call) -> Answer:
        made = [
            create_set(actor=call.actor, organization=call.organization, facts=_facts(body))
            for body in json_objects(call)
        ]
        return Answer(CREATED, [listed_set(call, row) for row in made])


class OneSet(Resource):
    needs = {
        "GET": (Right.READ_REPOSITORY,),
        "PUT": (Right.UPDATE_REPOSITORY,),
        "DELETE": (Right.DELETE_REPOSITORY,),
    }

    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        return distribution_set(call, set_numbered(call, set_id))

    def put(self, call: Call, set_id: int) -> dict[str, Any]:
        change = _change(json_object(call))
        release = set_numbered(call, set_id)
        return distribution_set(call, change_set(actor=call.actor, release=release, change=change))

    def delete(self, call: Call, set_id: int) -> Answer:
        delete_set(actor=call.actor, release=set_numbered(call, set_id))
        return NOTHING


class Modules(Resource):
    """The modules that are assigned to a set."""

    needs = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.UPDATE_REPOSITORY,)}

    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        rows = set_numbered(call, set_id).modules.select_related("type")
        return listed(
            call, SOFTWARE_MODULES, rows, lambda page: [listed_module(call, row) for row in page]
        )

    def post(self, call: Call, set_id: int) -> Answer:
        numbers = [_id(body) for body in json_objects(call)]
        release = set_numbered(call, set_id)
        assign_modules(actor=call.actor, release=release, modules=numbers)
        return NOTHING


class OneAssignedModule(Resource):
    needs = {"DELETE": (Right.UPDATE_REPOSITORY,)}

    def delete(self, call: Call, set_id: int, module_id: int) -> Answer:
        release = set_numbered(call, set_id)
        unassign_module(actor=call.actor, release=release, module=module_id)
        return NOTHING


class Invalidation(Resource):
    needs = {"POST": (Right.UPDATE_REPOSITORY, Right.UPDATE_TARGET)}

    def post(self, call: Call, set_id: int) -> Answer:
        body = json_object(call)
        word = text_of(body, "actionCancelationType")
        if word is None:
            raise violation("actionCancelationType", "must not be null")
        if word.lower() not in set(Cancelation):
            raise not_readable()
        invalidate(
            actor=call.actor,
            release=set_numbered(call, set_id),
            cancelation=Cancelation(word.lower()),
            cancels_rollouts=truth_of(body, "cancelRollouts") or False,
        )
        return NOTHING


def _facts(body: dict[str, Any]) -> SetFacts:
    named = [object_of(body, name) for name in NAMED]
    modules = [*filter(None, named), *(objects_of(body, "modules") or [])]
    return SetFacts(
        title=text_of(body, "name") or "",
        version=text_of(body, "version") or "",
        type=text_of(body, "type") or DEFAULT,
        description=text_of(body, "description") or "",
        is_migration_step=truth_of(body, "requiredMigrationStep") or False,
        modules=[_id(each) for each in modules],
    )


def _change(body: dict[str, Any]) -> SetChange:
    return SetChange(
        title=text_of(body, "name"),
        version=text_of(body, "version"),
        description=text_of(body, "description"),
        is_migration_step=truth_of(body, "requiredMigrationStep"),
        is_locked=truth_of(body, "locked"),
    )


def _id(body: dict[str, Any]) -> int:
    number = number_of(body, "id")
    if number is None:
        raise violation("id", "must not be null")
    return number
