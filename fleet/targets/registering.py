"""Plug and play: a device that calls by a controller id that nobody knows is added by that."""

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor, ActorKind
from auditlog.models import Action
from auditlog.record import record
from fleet import identity as identities
from fleet import security_tokens
from fleet.admission.rows import facts_of, lock_limit, room, subject_of, tell
from fleet.errors import LimitReached
from fleet.models import Contact, Device, Organization
from fleet.models.device import DeviceQuerySet
from fleet.signals import device_enrolled
from fleet.states import Admission
from fleet.targets.rules import ADDRESS_LENGTH, NAME_LENGTH, check_controller_id
from fleet.texts import storable

REGISTERED_BY = "CONTROLLER_PLUG_AND_PLAY"


def register(
    *,
    organization: Organization,
    controller_id: str,
    address: str = "",
    client_address: str = "",
    via: str = "",
) -> Device | None:
    """The device of this controller id, added and accepted if nobody knew it.

    Of calls at the same time one adds it. `address` is the URI it may be found at,
    `client_address` where it called from. One that was known comes back as it is, whether it is
    accepted or not; None is one that is being removed at this moment. The caller has verified that
    devices may register. Raises Invalid("controller_id_invalid"), LimitReached("device_limit").
    """
    known = _known(organization, check_controller_id(controller_id))
    if device := known.first():
        return device
    with transaction.atomic():
        limit = lock_limit(organization)
        is_full = limit is not None and not room(organization, limit)
        if is_full and not known.exists():
            raise LimitReached("device_limit", "maximum number of accepted devices reached")
        fresh = _fresh(organization, controller_id, address)
        Device.objects.bulk_create([fresh], ignore_conflicts=True)
        added = known.filter(id=fresh.id).first()
        if added is not None:
            _welcome(added, client_address, via)
    return added or known.first()


def note_address(*, device: Device, address: str) -> None:
    """Keep where the device was last found; writes only what is news."""
    told = storable(address)[:ADDRESS_LENGTH]
    if device.address != told:
        Device.objects.filter(pk=device.pk).update(address=told)
        device.address = told


def _known(organization: Organization, controller_id: str) -> DeviceQuerySet:
    devices = Device.objects.of(organization).filter(controller_id=controller_id)
    return devices.select_related("organization", "security_token")


def _fresh(organization: Organization, controller_id: str, address: str) -> Device:
    identity = identities.of_controller(controller_id)
    return Device(
        organization=organization,
        identity=identity,
        identity_digest=identities.digest(identity),
        controller_id=controller_id,
        name=controller_id[:NAME_LENGTH],
        description=f"Plug and Play target: {controller_id}",
        address=storable(address)[:ADDRESS_LENGTH],
        status=Admission.ACCEPTED,
        created_by=REGISTERED_BY,
        updated_by=REGISTERED_BY,
    )


def _welcome(device: Device, client_address: str, via: str) -> None:
    """What else there is of a device that has just been added by its own call."""
    row = security_tokens.row_of(device, security_tokens.fresh())
    row.save(force_insert=True)
    Contact.objects.create(device=device, seen_at=timezone.now())
    device.security_token = row
    actor = Actor(
        ActorKind.DEVICE,
        str(device.id),
        identities.text_of(device.identity),
        device.organization_id,
        address=client_address,
        via=via,
    )
    record(actor, Action.CREATE, subject_of(device), facts_of(device, to=Admission.ACCEPTED))
    tell(actor, Action.ACCEPT, [device])
    device_enrolled.send(sender=Device, devices=[device])
