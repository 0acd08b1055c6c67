"""Keys and devices that go."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record, record_each
from fleet.admission.rows import facts_of, lock_device, refresh, subject_of, tell
from fleet.bulk.outcomes import Outcome, each_once, outcomes_of
from fleet.errors import NotFound
from fleet.models import AuthSet, Device, Organization, SecurityToken
from fleet.reach import devices_within, require_for
from fleet.signals import device_decommissioned
from fleet.states import Admission


@transaction.atomic
def dismiss(*, actor: Actor, auth_set: AuthSet) -> None:
    """Forget a key, and its token with it; a device that was only preauthorized goes too.

    Raises NotFound("auth_set_unknown").
    Source: Mender API, Device authentication, Remove the device authentication set.
    """
    device = lock_device(auth_set.device_id, to_remove=True)
    current = AuthSet.objects.filter(pk=auth_set.pk).first()
    if device is None or current is None:
        raise NotFound("auth_set_unknown", "authentication data set not found")
    require_for(actor, "fleet.change_device", device)
    facts: dict[str, Any] = {"from": current.status}
    record(actor, Action.DISMISS, subject_of(device), facts_of(device, current, **facts))
    was_preauthorized = device.status == Admission.PREAUTHORIZED
    current.delete()
    if was_preauthorized and not _has_credentials(device):
        _remove(device)
    else:
        refresh(device)
    tell(actor, Action.DISMISS, [device], current)


@transaction.atomic
def decommission(*, actor: Actor, device: Device) -> None:
    """Remove a device with its keys, token and inventory; its deployments keep their rows.

    Its token is void at once. Raises NotFound("device_unknown").
    Source: Mender API, Device authentication, Decommission device.
    """
    locked = lock_device(device.pk, to_remove=True)
    if locked is None:
        raise NotFound("device_unknown", "device not found")
    require_for(actor, "fleet.delete_device", locked)
    record(actor, Action.DECOMMISSION, subject_of(locked), facts_of(locked))
    _remove(locked)
    tell(actor, Action.DECOMMISSION, [locked])


@transaction.atomic
def decommission_many(
    *, actor: Actor, organization: Organization, devices: Iterable[UUID]
) -> list[Outcome]:
    """As `decommission`, of a few hundred devices in one transaction; one out of reach is unknown.

    The answer has an outcome for every id, in the order given.
    """
    wanted = each_once(devices)
    within = devices_within(actor, "fleet.delete_device", organization)
    found = list(within.filter(id__in=wanted).order_by("pk").select_for_update())
    facts = ((subject_of(device), facts_of(device)) for device in found)
    record_each(actor, Action.DECOMMISSION, facts)
    _remove(*found)
    tell(actor, Action.DECOMMISSION, found)
    return outcomes_of(wanted, {device.id: "" for device in found})


def _remove(*devices: Device) -> None:
    numbers: Sequence[int] = [device.pk for device in devices]
    device_decommissioned.send(sender=Device, devices=numbers, at=timezone.now())
    Device.objects.filter(pk__in=numbers).delete()


def _has_credentials(device: Device) -> bool:
    has_token = SecurityToken.objects.filter(device=device).exists()
    return has_token or AuthSet.objects.filter(device=device).exists()
