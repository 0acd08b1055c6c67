"""A person lets a device in before it calls."""

from typing import Any

from django.db import transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.admission.rows import facts_of, find_or_add, refresh, subject_of, tell
from fleet.errors import Conflict
from fleet.identity import check
from fleet.keys import PublicKey
from fleet.models import AuthSet, Device, Organization
from fleet.permissions import require
from fleet.signals import device_enrolled
from fleet.states import Admission


@transaction.atomic
def preauthorize(
    *,
    actor: Actor,
    organization: Organization,
    identity: dict[str, Any],
    public_key: PublicKey,
    force: bool = False,
) -> Device:
    """Note a key that is to be accepted when it first calls.

    `force` adds it to a device that exists, which keeps its present key until then. Raises
    Invalid("identity_invalid") and Conflict("device_exists"), with the device in its details,
    if the identity (with `force`: the key of this identity) is known.
    Source: Mender API, Device authentication, Preauthorize.
    """
    require(actor, "fleet.change_device")
    device, is_new = find_or_add(organization, check(identity))
    if device is None:
        raise Conflict("device_leaving", "the device is being decommissioned")
    if not is_new and not force:
        raise Conflict("device_exists", "device already exists", details={"device": device})
    auth_set = _add(device, public_key)
    refresh(device)
    record(actor, Action.PREAUTHORIZE, subject_of(device), facts_of(device, auth_set))
    tell(actor, Action.PREAUTHORIZE, [device], auth_set)
    if is_new:
        device_enrolled.send(sender=Device, devices=[device])
    return device


def _add(device: Device, public_key: PublicKey) -> AuthSet:
    """Add the set to the locked device."""
    if AuthSet.objects.filter(device=device, key_digest=public_key.digest).exists():
        raise Conflict("device_exists", "device already exists", details={"device": device})
    return AuthSet.objects.create(
        device=device,
        public_key=public_key.pem,
        key_digest=public_key.digest,
        status=Admission.PREAUTHORIZED,
    )
