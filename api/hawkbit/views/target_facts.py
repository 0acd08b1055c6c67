"""What there is of one target besides itself. Source: the seed, below /rest/v1/targets/{targetId};
hawkBit, its type, tags and auto-confirmation."""

from typing import Any

from django.db.models import F

from api.hawkbit.errors import violation
from api.hawkbit.finding import target_of
from api.hawkbit.members import number_of, text_of
from api.hawkbit.requests import Call, json_object, require_media_type
from api.hawkbit.resources import NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.kinds import tags as told_tags
from api.hawkbit.shapes.repository import distribution_set
from api.hawkbit.shapes.targets import auto_confirm
from artifacts.completeness import with_parts
from artifacts.models import Release
from artifacts.reach import require_for
from deployments.derived import Derived
from deployments.standing import ASSIGNED, INSTALLED
from fleet.attributes import Value
from fleet.identity import text_of as json_of
from fleet.models import Device, Inventory, Tag
from fleet.targets import UNASSIGNED, TargetChange, update_target
from fleet.targets.auto_confirming import activate, deactivate


class Attributes(Resource):
    needs = {"GET": (Right.READ_TARGET,)}

    def get(self, call: Call, controller_id: str) -> dict[str, str] | Answer:
        known = _scope(target_of(call, controller_id), "inventory")
        return {name: _text(value) for name, value in sorted(known.items())} or NOTHING


class Tags(Resource):
    needs = {"GET": (Right.READ_TARGET,)}

    def get(self, call: Call, controller_id: str) -> list[dict[str, Any]]:
        names = list(_scope(target_of(call, controller_id), "tags"))
        rows = Tag.objects.filter(organization=call.organization, kind=Tag.Kind.DEVICE)
        return told_tags(call, list(rows.filter(name__in=names).order_by("pk")))


class Type(Resource):
    needs = {"POST": (Right.UPDATE_TARGET,), "DELETE": (Right.UPDATE_TARGET,)}

    def post(self, call: Call, controller_id: str) -> Answer:
        number, device = number_of(json_object(call), "id"), target_of(call, controller_id)
        if number is None:
            raise violation("id", "must not be null")
        if number == UNASSIGNED:
            raise violation("id", "must be the id of a target type")
        update_target(actor=call.actor, device=device, change=TargetChange(target_type=number))
        return NOTHING

    def delete(self, call: Call, controller_id: str) -> Answer:
        change = TargetChange(target_type=UNASSIGNED)
        device = target_of(call, controller_id)
        update_target(actor=call.actor, device=device, change=change)
        return NOTHING


class InstalledSet(Resource):
    needs = {"GET": (Right.READ_TARGET, Right.READ_REPOSITORY)}

    def get(self, call: Call, controller_id: str) -> dict[str, Any] | Answer:
        return set_of(call, controller_id, INSTALLED)


class AssignedSet(Resource):
    needs = {"GET": (Right.READ_TARGET, Right.READ_REPOSITORY)}

    def get(self, call: Call, controller_id: str) -> dict[str, Any] | Answer:
        return set_of(call, controller_id, ASSIGNED)


def set_of(call: Call, controller_id: str, which: Derived) -> dict[str, Any] | Answer:
    """The distribution set that is installed or assigned, 204 where there is none."""
    device = target_of(call, controller_id)
    number = Device.objects.annotate(wanted=which).values_list("wanted", flat=True)
    releases = Release.objects.filter(organization=call.organization)
    release = with_parts(releases).filter(pk=number.get(pk=device.pk)).first()
    if release is None:
        return NOTHING
    require_for(call.actor, "artifacts.view_release", release.pk)
    return distribution_set(call, release)


class AutoConfirm(Resource):
    needs = {"GET": (Right.READ_TARGET,)}

    def get(self, call: Call, controller_id: str) -> dict[str, Any]:
        return auto_confirm(call, target_of(call, controller_id))


class Activation(Resource):
    needs = {"POST": (Right.UPDATE_TARGET,)}
    bodies = frozenset()  # there may be one

    def post(self, call: Call, controller_id: str) -> Answer:
        body: dict[str, Any] = {}
        if call.body:
            require_media_type(call)
            body = json_object(call)
        activate(
            actor=call.actor,
            device=target_of(call, controller_id),
            initiator=text_of(body, "initiator") or "",
            remark=text_of(body, "remark") or "",
        )
        return NOTHING


class Deactivation(Resource):
    needs = {"POST": (Right.UPDATE_TARGET,)}
    bodies = frozenset()

    def post(self, call: Call, controller_id: str) -> Answer:
        deactivate(actor=call.actor, device=target_of(call, controller_id))
        return NOTHING


def _scope(device: Device, scope: str) -> dict[str, Value]:
    known = Inventory.objects.filter(device=device).values_list(
        F(f"attributes__{scope}"), flat=True
    )
    return known.first() or {}


def _text(value: Value) -> str:
    """hawkBit's are texts; what a device told in Mender's dialect may be numbers and lists."""
    return value if isinstance(value, str) else json_of({"": value})[4:-1]
