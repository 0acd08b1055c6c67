"""Metadata of a target. Source: the seed, /rest/v1/targets/{targetId}/metadata."""

from typing import Any

from api.hawkbit.errors import not_found, violation
from api.hawkbit.finding import target_of
from api.hawkbit.members import text_of
from api.hawkbit.pairs import listed_pairs
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from fleet.targets.metadata import add_metadata, change_metadata, delete_metadata, metadata_of


class Metadata(Resource):
    needs = {"GET": (Right.READ_TARGET,), "POST": (Right.UPDATE_TARGET,)}

    def get(self, call: Call, controller_id: str) -> dict[str, Any]:
        known = metadata_of(target_of(call, controller_id))
        return listed_pairs(call, [_entry(key, value) for key, value in known.items()])

    def post(self, call: Call, controller_id: str) -> Answer:
        bodies, device = json_objects(call), target_of(call, controller_id)
        entries = [(_required(body, "key"), _required(body, "value")) for body in bodies]
        add_metadata(actor=call.actor, device=device, entries=entries)
        return Answer(CREATED, [_entry(key, value) for key, value in entries])


class MetadataEntry(Resource):
    needs = {
        "GET": (Right.READ_TARGET,),
        "PUT": (Right.UPDATE_TARGET,),
        "DELETE": (Right.UPDATE_TARGET,),
    }

    def get(self, call: Call, controller_id: str, key: str) -> dict[str, Any]:
        known = metadata_of(target_of(call, controller_id))
        if key not in known:
            raise not_found("Metadata", key)
        return _entry(key, known[key])

    def put(self, call: Call, controller_id: str, key: str) -> dict[str, Any]:
        body, device = json_object(call), target_of(call, controller_id)
        value = _required(body, "value")
        change_metadata(actor=call.actor, device=device, key=key, value=value)
        return _entry(key, value)

    def delete(self, call: Call, controller_id: str, key: str) -> Answer:
        delete_metadata(actor=call.actor, device=target_of(call, controller_id), key=key)
        return NOTHING


def _entry(key: str, value: str) -> dict[str, Any]:
    return {"key": key, "value": value}


def _required(body: dict[str, Any], name: str) -> str:
    text = text_of(body, name)
    if text is None:
        raise violation(name, "must not be null")
    return text
