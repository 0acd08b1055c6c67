"""Metadata of distribution sets and of software modules.

Source: hawkBit, below /rest/v1/distributionsets and /rest/v1/softwaremodules.
"""

from typing import Any

from api.hawkbit.errors import violation
from api.hawkbit.finding_repository import module_numbered, set_numbered
from api.hawkbit.members import text_of, truth_of
from api.hawkbit.pairs import listed_pairs
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from artifacts.metadata import (
    Entry,
    Owner,
    add_entries,
    change_entry,
    entries_of,
    entry_of,
    remove_entry,
)
from artifacts.models import Release


class SetMetadata(Resource):
    needs = {"GET": (Right.READ_REPOSITORY,), "POST": (Right.UPDATE_REPOSITORY,)}

    def get(self, call: Call, number: int) -> dict[str, Any]:
        owner = self.owner(call, number)
        return listed_pairs(call, [_shape(owner, each) for each in entries_of(owner)])

    def post(self, call: Call, number: int) -> Answer:
        entries = [_entry(body) for body in json_objects(call)]
        if len({entry.key for entry in entries}) < len(entries):
            raise violation("key", "must not be repeated")
        owner = self.owner(call, number)
        add_entries(actor=call.actor, owner=owner, entries=entries)
        return Answer(CREATED, [_shape(owner, each) for each in entries])

    def owner(self, call: Call, number: int) -> Owner:
        return set_numbered(call, number)


class ModuleMetadata(SetMetadata):
    def owner(self, call: Call, number: int) -> Owner:
        return module_numbered(call, number)


class SetMetadataEntry(Resource):
    needs = {
        "GET": (Right.READ_REPOSITORY,),
        "PUT": (Right.UPDATE_REPOSITORY,),
        "DELETE": (Right.UPDATE_REPOSITORY,),
    }

    def get(self, call: Call, number: int, key: str) -> dict[str, Any]:
        owner = self.owner(call, number)
        return _shape(owner, entry_of(owner, key))

    def put(self, call: Call, number: int, key: str) -> dict[str, Any]:
        body, owner = json_object(call), self.owner(call, number)
        entry = change_entry(
            actor=call.actor,
            owner=owner,
            key=key,
            value=text_of(body, "value"),
            is_visible=truth_of(body, "targetVisible"),
        )
        return _shape(owner, entry)

    def delete(self, call: Call, number: int, key: str) -> Answer:
        remove_entry(actor=call.actor, owner=self.owner(call, number), key=key)
        return NOTHING

    def owner(self, call: Call, number: int) -> Owner:
        return set_numbered(call, number)


class ModuleMetadataEntry(SetMetadataEntry):
    def owner(self, call: Call, number: int) -> Owner:
        return module_numbered(call, number)


def _shape(owner: Owner, entry: Entry) -> dict[str, Any]:
    shape: dict[str, Any] = {"key": entry.key, "value": entry.value}
    return shape if isinstance(owner, Release) else {**shape, "targetVisible": entry.is_visible}


def _entry(body: dict[str, Any]) -> Entry:
    key, value = text_of(body, "key"), text_of(body, "value")
    if key is None:
        raise violation("key", "must not be null")
    if value is None:
        raise violation("value", "must not be null")
    return Entry(key, value, truth_of(body, "targetVisible") or False)
