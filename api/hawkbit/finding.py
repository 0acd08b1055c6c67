"""The targets that a call is about, as far as the caller's permissions reach."""

from api.hawkbit.errors import not_found
from api.hawkbit.requests import Call
from deployments.standing import STANDING
from fleet.models import Device
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within

VIEW = "fleet.view_device"


def target_rows(call: Call, permission: str = VIEW) -> DeviceQuerySet:
    """Those for which the caller holds the permission, with all that is told of targets.

    Raises Forbidden if there can be none.
    """
    return with_facts(devices_within(call.actor, permission, call.organization))


def target_of(call: Call, controller_id: str, permission: str = VIEW) -> Device:
    """Raises Refused (404), and Forbidden as `target_rows` does."""
    device = target_rows(call, permission).filter(controller_id=controller_id).first()
    if device is None:
        raise not_found("Target", controller_id)
    return device


def with_facts(devices: DeviceQuerySet) -> DeviceQuerySet:
    """With what `api.hawkbit.shapes.targets` reads, in the one query; `standing` is annotated."""
    related = ("contact", "security_token", "target_type", "auto_confirmation", "organization")
    return devices.annotate(standing=STANDING).select_related(*related)
