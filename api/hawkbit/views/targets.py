"""Targets: list, create, show, update, delete. Source: the seed, /rest/v1/targets."""

from typing import Any

from api.hawkbit.errors import bare
from api.hawkbit.finding import target_of, target_rows, with_facts
from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.lists import listed
from api.hawkbit.members import number_of, text_of, truth_of
from api.hawkbit.requests import Call, json_object, json_objects
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.targets import target_shown, targets_listed
from fleet.admission import decommission
from fleet.models import Device
from fleet.targets import NewTarget, TargetChange, create_targets, update_target

BATCH = 500


class Targets(Resource):
    needs = {"GET": (Right.READ_TARGET,), "POST": (Right.CREATE_TARGET,)}

    def get(self, call: Call) -> dict[str, Any]:
        return listed(call, TARGETS, target_rows(call), lambda page: targets_listed(call, page))

    def post(self, call: Call) -> Answer:
        new = [_new(body) for body in json_objects(call)]
        made = create_targets(actor=call.actor, organization=call.organization, targets=new)
        return Answer(CREATED, targets_listed(call, _read_again(made)))


class Target(Resource):
    needs = {
        "GET": (Right.READ_TARGET,),
        "PUT": (Right.UPDATE_TARGET,),
        "DELETE": (Right.DELETE_TARGET,),
    }

    def get(self, call: Call, controller_id: str) -> dict[str, Any]:
        return target_shown(call, target_of(call, controller_id))

    def put(self, call: Call, controller_id: str) -> dict[str, Any]:
        body, device = json_object(call), target_of(call, controller_id)
        wants_attributes = truth_of(body, "requestAttributes")
        if wants_attributes is False:
            raise bare(400)
        change = TargetChange(
            name=text_of(body, "name"),
            description=text_of(body, "description"),
            address=text_of(body, "address"),
            security_token=text_of(body, "securityToken"),
            target_type=number_of(body, "targetType"),
            wants_attributes=wants_attributes,
        )
        update_target(actor=call.actor, device=device, change=change)
        return target_shown(call, target_of(call, controller_id))

    def delete(self, call: Call, controller_id: str) -> Answer:
        decommission(actor=call.actor, device=target_of(call, controller_id))
        return NOTHING


def _new(body: dict[str, Any]) -> NewTarget:
    return NewTarget(
        controller_id=text_of(body, "controllerId") or "",
        name=text_of(body, "name"),
        description=text_of(body, "description") or "",
        address=text_of(body, "address") or "",
        security_token=text_of(body, "securityToken") or None,
        target_type=number_of(body, "targetType"),
        group=text_of(body, "group") or "",
    )


def _read_again(made: list[Device]) -> list[Device]:
    """With all that is told of them, in the order in which they were given."""
    found: dict[int, Device] = {}
    for start in range(0, len(made), BATCH):
        numbers = [device.pk for device in made[start : start + BATCH]]
        found |= with_facts(Device.objects.all()).in_bulk(numbers)
    return [found[device.pk] for device in made]
