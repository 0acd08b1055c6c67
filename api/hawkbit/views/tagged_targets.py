"""Targets that have a tag."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from api.hawkbit.finding import target_rows
from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.lists import listed
from api.hawkbit.requests import Call
from api.hawkbit.resources import Answer
from api.hawkbit.rights import Right
from api.hawkbit.shapes.targets import targets_listed
from api.hawkbit.views import tag_catalogue
from api.hawkbit.views.tag_assignments import (
    Assignments,
    ManyAssigned,
    OneAssigned,
    ToggledAssignments,
)
from api.hawkbit.views.tag_catalogue import find
from fleet.models import Device, Tag
from fleet.reach import devices_within
from fleet.tagging import tag_devices, tagged

BATCH = 500
CHANGE = (Right.READ_TARGET, Right.UPDATE_TARGET)


class _Targets(Assignments):
    catalogue = tag_catalogue.TARGETS
    entity = "Target"
    member = "controllerId"

    def found(self, call: Call, ids: Sequence[Any]) -> dict[Any, Any]:
        reached = devices_within(call.actor, "fleet.change_device", call.organization)
        found: dict[Any, Any] = {}
        for start in range(0, len(ids), BATCH):
            rows = reached.filter(controller_id__in=ids[start : start + BATCH])
            found |= dict(rows.values_list("controller_id", "id"))
        return found

    def having(self, call: Call, tag: Tag, keys: Collection[Any]) -> set[Any]:
        wanted = list(keys)
        batches = (wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH))
        devices = Device.objects.of(call.organization)
        return {
            id_
            for batch in batches
            for id_ in tagged(devices.filter(id__in=batch), tag.name).values_list("id", flat=True)
        }

    def assign(self, call: Call, tag: Tag, keys: Collection[UUID], *, is_on: bool) -> None:
        tag_devices(
            actor=call.actor, organization=call.organization, tag=tag, devices=keys, is_on=is_on
        )

    def told(self, call: Call, keys: Collection[Any]) -> list[dict[str, Any]]:
        wanted = list(keys)
        batches = (wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH))
        rows = (target_rows(call).filter(id__in=batch) for batch in batches)
        return [told for some in rows for told in targets_listed(call, list(some))]


class TaggedTargets(_Targets, ManyAssigned):
    needs = {"GET": (Right.READ_TARGET,), "POST": CHANGE, "DELETE": CHANGE}

    def get(self, call: Call, tag_id: int) -> dict[str, Any]:
        tag = find(call, self.catalogue, tag_id)
        rows = tagged(target_rows(call), tag.name)
        return listed(call, TARGETS, rows, lambda page: targets_listed(call, page))


class ToggledTargets(_Targets, ToggledAssignments):
    needs = {"POST": CHANGE}
    plural = "Targets"


class OneTaggedTarget(_Targets, OneAssigned):
    needs = {"POST": CHANGE, "DELETE": CHANGE}

    def post(self, call: Call, tag_id: int, controller_id: str) -> Answer:
        return self.change(call, tag_id, controller_id, is_on=True)

    def delete(self, call: Call, tag_id: int, controller_id: str) -> Answer:
        return self.change(call, tag_id, controller_id, is_on=False)
