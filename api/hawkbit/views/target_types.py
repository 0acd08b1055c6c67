"""Target types. Source: hawkBit, target types."""

from typing import Any

from django.db.models import QuerySet

from api.hawkbit.errors import not_found, not_readable
from api.hawkbit.listing.targets import TARGET_TYPES
from api.hawkbit.lists import listed
from api.hawkbit.members import number_of, objects_of, text_of
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.kinds import target_type, target_types
from artifacts.target_types import allow
from fleet.models import TargetType
from fleet.target_types import NewType, change_type, declare_types, delete_type, types_of

READ = (Right.READ_TARGET,)
UPDATE = (Right.UPDATE_TARGET,)
COMPATIBLE = "compatibledistributionsettypes"


class TargetTypes(Resource):
    needs = {"GET": READ, "POST": (Right.CREATE_TARGET,)}

    def get(self, call: Call) -> dict[str, Any]:
        rows = types_of(call.organization)
        return listed(call, TARGET_TYPES, rows, lambda page: target_types(call, page))

    def post(self, call: Call) -> Answer:
        bodies = json_objects(call)
        new = [_new(body) for body in bodies]
        rows = declare_types(actor=call.actor, organization=call.organization, types=new)
        for row, body in zip(rows, bodies, strict=True):
            if numbers := numbers_of(objects_of(body, COMPATIBLE) or []):
                allow(actor=call.actor, target_type=row, release_types=numbers)
        return Answer(CREATED, target_types(call, rows))


class OneTargetType(Resource):
    needs = {"GET": READ, "PUT": UPDATE, "DELETE": (Right.DELETE_TARGET,)}

    def get(self, call: Call, type_id: int) -> dict[str, Any]:
        return target_type(call, find(call, type_id))

    def put(self, call: Call, type_id: int) -> dict[str, Any]:
        row, body = find(call, type_id), json_object(call)
        changed = change_type(
            actor=call.actor,
            target_type=row,
            name=text_of(body, "name"),
            description=text_of(body, "description"),
            colour=text_of(body, "colour"),
        )
        return target_type(call, changed)

    def delete(self, call: Call, type_id: int) -> Answer:
        delete_type(actor=call.actor, target_type=find(call, type_id))
        return NOTHING


def find(call: Call, type_id: int) -> TargetType:
    """Raises Refused (404)."""
    rows: QuerySet[TargetType] = types_of(call.organization)
    row = rows.filter(pk=type_id).first()
    if row is None:
        raise not_found("TargetType", type_id)
    return row


def _new(body: dict[str, Any]) -> NewType:
    return NewType(
        name=text_of(body, "name") or "",
        key=text_of(body, "key") or "",
        description=text_of(body, "description") or "",
        colour=text_of(body, "colour") or "",
    )


def numbers_of(bodies: list[dict[str, Any]]) -> list[int]:
    """The `id` of each; raises Refused (400) where one has none."""
    numbers = [number_of(body, "id") for body in bodies]
    if None in numbers:
        raise not_readable()
    return [number for number in numbers if number is not None]
