"""Prepare a device's update, let it begin, take it back: each by one device alone.

Two calls that meet come one after the other, and the second finds what the first has done.
Source: Riverbed NPM, update: init, start, reset.
"""

from django.db import transaction
from django.utils import timezone

from artifacts.models import Artifact
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.aborting import keep_out
from deployments.device_update.choosing import Turn, parts_at_hand
from deployments.device_update.deriving import update_of
from deployments.device_update.images import image_for, newest_image
from deployments.device_update.installed import release_version
from deployments.device_update.states import FAILED, DeviceUpdate, UpdateState
from deployments.holding import create_held, is_held, release_hold, take_back_row
from deployments.models import Deployment
from deployments.reach import CHANGE
from fleet import reach
from fleet.errors import Conflict, NotFound
from fleet.models import Device

LONGEST_NAME = 256


def initialize(*, actor: Actor, device: Device, image: int | None = None) -> Deployment:
    """Make a deployment for the device alone, which waits to be started.

    It brings the image (the number of an artifact), or else the newest one that the device has
    not got. Raises Forbidden, NotFound "image_not_found", Conflict "invalid_state" unless the
    update is idle, or "no_valid_image".
    """
    with transaction.atomic():
        _hold(device)
        _require(update_of(device), UpdateState.IDLE)
        chosen = newest_image(device) if image is None else image_for(device, image)
        return create_held(
            actor=actor,
            organization=device.organization,
            device=device,
            release=chosen.release,
            name=_name(device, chosen),
        )


def start(*, actor: Actor, device: Device) -> None:
    """Let the device begin with its next call what was initialized for it.

    Raises Forbidden, Conflict "invalid_state" where nothing was, or somebody else holds it: what
    is for the whole fleet is not begun from one device.
    """
    with transaction.atomic():
        _hold(device)
        update = update_of(device)
        _require(update, UpdateState.INITIALIZED)
        deployment = update.deployment
        if deployment is None or not is_held(deployment) or not _is_for_one(deployment):
            raise _refusal(f"The update cannot be started from here: {update.description}")
        release_hold(actor=actor, deployment=deployment)


def reset(*, actor: Actor, device: Device) -> None:
    """Take back what the device has not begun, or acknowledge that it failed; idle stays so.

    Of what is for others too only this device's part ends, and it is kept out of what it would
    join. Raises Forbidden, Conflict "invalid_state" where it has begun.
    """
    with transaction.atomic():
        _hold(device)
        parts = parts_at_hand(device, timezone.now())
        if any(part.turn is Turn.BEGUN and part.row.is_instructed for part in parts.open):
            raise _refusal("The device has begun: this cannot be taken back")
        # All who end parts of several deployments take them in this order.
        for part in sorted(parts.open, key=lambda part: part.row.deployment_id):
            take_back_row(actor=actor, row=part.row)
        if parts.joins is not None:
            _keep_out(actor, device)
        if update_of(device).state in FAILED:
            _acknowledge(actor, device)


def _keep_out(actor: Actor, device: Device) -> None:
    reach.require_for(actor, CHANGE, device)
    numbers = keep_out(device)
    deployments = Deployment.objects.filter(number__in=numbers).values_list("id", flat=True)
    told = {"deployments": [str(each) for each in deployments]}
    record(actor, Action.ABORT, Subject("device", device.id, device.name), told)


def _hold(device: Device) -> None:
    """Whoever lets a device in, or takes it away, locks it first: so do we.

    Raises NotFound where somebody has taken it away.
    """
    there = Device.objects.accepted().filter(number=device.number)
    if not there.select_for_update(no_key=True).exists():
        raise NotFound("device_not_found", "There is no such device any more")
    device.refresh_from_db()


def _require(update: DeviceUpdate, state: UpdateState) -> None:
    if update.state is not state:
        message = f"The update is {update.state.upper()}, not {state.upper()}"
        raise _refusal(f"{message}: {update.description}")


def _refusal(message: str) -> Conflict:
    return Conflict("invalid_state", message)


def _is_for_one(deployment: Deployment) -> bool:
    return deployment.target == Deployment.Target.DEVICES and deployment.size == 1


def _acknowledge(actor: Actor, device: Device) -> None:
    reach.require_for(actor, CHANGE, device)
    now = timezone.now()
    Device.objects.filter(number=device.number).update(update_reset_at=now)
    device.update_reset_at = now
    what = Subject("device", device.id, device.name)
    record(actor, Action.UPDATE, what, {"update_failure": "acknowledged"})


def _name(device: Device, image: Artifact) -> str:
    version = release_version(image.release)
    return f"NPM update of {device.name} to {version}"[:LONGEST_NAME]
