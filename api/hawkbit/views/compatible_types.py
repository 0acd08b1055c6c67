"""Which distribution sets the targets of a type take. Source: hawkBit, target types."""

from typing import Any

from api.hawkbit.requests import Call, json_objects
from api.hawkbit.resources import NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.repository_types import listed_set_type
from api.hawkbit.views.target_types import READ, UPDATE, find, numbers_of
from artifacts.target_types import allow, compatible_with, disallow


class CompatibleTypes(Resource):
    """The types of distribution sets that targets of the type take."""

    needs = {"GET": (*READ, Right.READ_REPOSITORY), "POST": (*UPDATE, Right.READ_REPOSITORY)}

    def get(self, call: Call, type_id: int) -> list[dict[str, Any]]:
        rows = compatible_with(find(call, type_id)).order_by("number")
        return [listed_set_type(call, row) for row in rows]

    def post(self, call: Call, type_id: int) -> Answer:
        numbers = numbers_of(json_objects(call))
        allow(actor=call.actor, target_type=find(call, type_id), release_types=numbers)
        return NOTHING


class OneCompatibleType(Resource):
    needs = {"DELETE": (*UPDATE, Right.READ_REPOSITORY)}

    def delete(self, call: Call, type_id: int, set_type_id: int) -> Answer:
        row = find(call, type_id)
        disallow(actor=call.actor, target_type=row, release_type=set_type_id)
        return NOTHING
