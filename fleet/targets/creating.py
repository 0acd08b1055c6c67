"""People add devices by their controller ids, before these call."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record_each
from fleet import groups, security_tokens
from fleet import identity as identities
from fleet.admission.rows import facts_of, lock_limit, room, subject_of, tell
from fleet.errors import Conflict, LimitReached
from fleet.models import Device, Organization, SecurityToken
from fleet.permissions import require
from fleet.signals import device_enrolled
from fleet.states import Admission
from fleet.targets.rules import (
    NAME_LENGTH,
    check_address,
    check_controller_id,
    check_description,
    check_name,
    types_by_number,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class NewTarget:
    """What a device is added with; None is as hawkBit has it: the id as its name, a new token."""

    controller_id: str
    name: str | None = None
    description: str = ""
    address: str = ""
    security_token: str | None = None
    target_type: int | None = None
    group: str = ""


@transaction.atomic
def create_targets(
    *, actor: Actor, organization: Organization, targets: Sequence[NewTarget]
) -> list[Device]:
    """Add all of them, accepted by their security tokens, or none.

    Raises Invalid("controller_id_invalid", "text_invalid", "address_invalid",
    "security_token_invalid", "group_invalid"), NotFound("target_type_not_found"),
    Conflict("target_exists") for an id that is taken or comes twice, LimitReached("device_limit").
    """
    require(actor, "fleet.change_device")
    fresh = [_checked(actor, organization, each) for each in targets]
    if len({each.controller_id for each in fresh}) < len(fresh):
        raise _taken()
    types_by_number(
        organization, {each.target_type for each in targets if each.target_type is not None}
    )
    _require_room(organization, len(fresh))
    # In one order: two who add the same wait for each other, and never both at once.
    pairs = sorted(zip(fresh, targets, strict=True), key=lambda pair: pair[0].controller_id)
    for start in range(0, len(pairs), BATCH):
        _add(actor, organization, pairs[start : start + BATCH])
    return fresh


def _checked(actor: Actor, organization: Organization, new: NewTarget) -> Device:
    controller_id = check_controller_id(new.controller_id)
    if new.security_token is not None:
        security_tokens.check(new.security_token)
    if new.group:
        groups.require_to_fill(actor, new.group)
    identity = identities.of_controller(controller_id)
    return Device(
        organization=organization,
        identity=identity,
        identity_digest=identities.digest(identity),
        controller_id=controller_id,
        name=controller_id[:NAME_LENGTH] if new.name is None else check_name(new.name),
        description=check_description(new.description),
        address=check_address(new.address),
        target_type_id=new.target_type,
        group=new.group,
        status=Admission.ACCEPTED,
        created_by=actor.name[:512],
        updated_by=actor.name[:512],
    )


def _require_room(organization: Organization, wanted: int) -> None:
    limit = lock_limit(organization)
    if limit is not None and room(organization, limit) < wanted:
        raise LimitReached("device_limit", "maximum number of accepted devices reached")


def _add(
    actor: Actor, organization: Organization, pairs: Sequence[tuple[Device, NewTarget]]
) -> None:
    fresh = [device for device, _new in pairs]
    now = timezone.now()
    for device in fresh:
        device.created_at = device.updated_at = now
    ids = Q(controller_id__in=[device.controller_id for device in fresh])
    identity = Q(identity_digest__in=[device.identity_digest for device in fresh])
    known = Device.objects.of(organization)
    if known.filter(ids).exists() or known.filter(identity).exists():
        raise _taken()
    try:
        Device.objects.bulk_create(fresh)
    except IntegrityError as error:  # somebody was quicker
        raise _taken() from error
    tokens = [
        security_tokens.row_of(device, new.security_token or security_tokens.fresh())
        for device, new in pairs
    ]
    SecurityToken.objects.bulk_create(tokens)
    record_each(actor, Action.CREATE, ((subject_of(each), facts_of(each)) for each in fresh))
    tell(actor, Action.ACCEPT, fresh)
    device_enrolled.send(sender=Device, devices=fresh)


def _taken() -> Conflict:
    return Conflict("target_exists", "The given entity already exists in database")
