"""A person judges one key."""

from django.db import transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.admission.rows import (
    REVOKED,
    admit,
    facts_of,
    lock_device,
    lock_limit,
    refresh,
    require_room,
    subject_of,
    tell,
)
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import AuthSet, Device, SecurityToken
from fleet.reach import require_for
from fleet.states import MOVES, Admission

ACTIONS = {
    Admission.ACCEPTED: Action.ACCEPT,
    Admission.REJECTED: Action.REJECT,
    Admission.PENDING: Action.UPDATE,
}


@transaction.atomic
def set_status(*, actor: Actor, auth_set: AuthSet, status: str) -> None:
    """Accept the set, reject it, or make it wait again; the same status again changes nothing.

    Accepting rejects the device's other accepted set; a set that loses its place loses its
    token at once. Raises Invalid("incorrect_status"), NotFound("auth_set_unknown"),
    Conflict("auth_set_preauthorized"), LimitReached("device_limit").
    Source: Mender API, Device authentication, Set Authentication Status.
    """
    target = verdict(status)
    device, current, limit = _lock(auth_set, target)
    require_for(actor, "fleet.change_device", device)
    if target not in MOVES[Admission(current.status)]:
        raise Conflict("auth_set_preauthorized", "a preauthorized key is accepted by its device")
    if current.status == target:
        return
    _move(device, current, target, limit)
    change = facts_of(device, current, **{"from": current.status, "to": target})
    record(actor, ACTIONS[target], subject_of(device), change)
    current.status = target
    tell(actor, ACTIONS[target], [device], current)


@transaction.atomic
def set_token_status(*, actor: Actor, device: Device, status: str) -> None:
    """Accept or reject the device's security token; its keys stay as they are.

    Raises Invalid("incorrect_status"), NotFound("security_token_unknown"),
    LimitReached("device_limit").
    """
    target = verdict(status)
    if target == Admission.PENDING:
        raise Invalid("incorrect_status", "a security token is accepted or rejected")
    limit = lock_limit(device.organization) if target == Admission.ACCEPTED else None
    locked = lock_device(device.pk)
    token = SecurityToken.objects.filter(device=locked).first() if locked else None
    if locked is None or token is None:
        raise NotFound("security_token_unknown", "the device has no security token")
    require_for(actor, "fleet.change_device", locked)
    if token.status == target:
        return
    require_room(locked, target, limit)
    token.status = target
    token.save(update_fields=["status"])
    refresh(locked)
    record(actor, ACTIONS[target], subject_of(locked), facts_of(locked, security_token=target))
    tell(actor, ACTIONS[target], [locked])


def _lock(auth_set: AuthSet, target: Admission) -> tuple[Device, AuthSet, int | None]:
    """The set as it is now, its device, and the limit if one of both might reach it."""
    rows = AuthSet.objects.filter(pk=auth_set.pk)
    known = rows.select_related("device__organization").first()
    if known is None:
        raise NotFound("auth_set_unknown", "authentication data set not found")
    limit = lock_limit(known.device.organization) if target == Admission.ACCEPTED else None
    device, current = lock_device(known.device_id), rows.first()
    if device is None or current is None:
        raise NotFound("auth_set_unknown", "authentication data set not found")
    return device, current, limit


def verdict(status: str) -> Admission:
    """Read what a person may decide; raises Invalid("incorrect_status")."""
    if status not in set(ACTIONS):
        raise Invalid("incorrect_status", "incorrect device status", field="status")
    return Admission(status)


def _move(device: Device, current: AuthSet, target: Admission, limit: int | None) -> None:
    if target == Admission.ACCEPTED:
        admit(device, current, limit)
        return
    void = REVOKED if current.status == Admission.ACCEPTED else {}
    AuthSet.objects.filter(pk=current.pk).update(status=target, **void)
    refresh(device)
