"""People change what is noted on a target."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet import security_tokens
from fleet.admission.rows import lock_device, subject_of
from fleet.errors import NotFound
from fleet.models import Device
from fleet.reach import require_for
from fleet.targets.rules import check_address, check_description, check_name, types_by_number

UNASSIGNED = -1  # in place of the number of a type


@dataclass(frozen=True, slots=True)
class TargetChange:
    """What is to be different; None leaves it as it is."""

    name: str | None = None
    description: str | None = None
    address: str | None = None
    security_token: str | None = None
    target_type: int | None = None
    wants_attributes: bool | None = None


@transaction.atomic
def update_target(*, actor: Actor, device: Device, change: TargetChange) -> Device:
    """The device as it is then.

    Raises Invalid("text_invalid", "address_invalid", "security_token_invalid"),
    NotFound("device_not_found", "target_type_not_found").
    """
    locked = lock_device(device.pk)
    if locked is None:
        raise NotFound("device_not_found", "There is no such device.")
    require_for(actor, "fleet.change_device", locked)
    wanted = _wanted(locked, change)
    news = {name: value for name, value in wanted.items() if value != getattr(locked, name)}
    if news:
        told = {
            name.removesuffix("_id"): [getattr(locked, name), value] for name, value in news.items()
        }
        for name, value in news.items():
            setattr(locked, name, value)
        locked.updated_at, locked.updated_by = timezone.now(), actor.name[:512]
        locked.save(update_fields=[*news, "updated_at", "updated_by"])
        record(actor, Action.UPDATE, subject_of(locked), told)
    if change.security_token is not None:
        security_tokens.set_token(actor=actor, device=locked, token=change.security_token)
    return locked


def _wanted(device: Device, change: TargetChange) -> dict[str, Any]:
    """The columns that the change is about, as they are to be."""
    wanted: dict[str, Any] = {}
    if change.name is not None:
        wanted["name"] = check_name(change.name)
    if change.description is not None:
        wanted["description"] = check_description(change.description)
    if change.address is not None:
        wanted["address"] = check_address(change.address)
    if change.wants_attributes is not None:
        wanted["wants_attributes"] = change.wants_attributes
    if change.target_type == UNASSIGNED:
        wanted["target_type_id"] = None
    elif change.target_type is not None:
        types_by_number(device.organization, {change.target_type})
        wanted["target_type_id"] = change.target_type
    return wanted
