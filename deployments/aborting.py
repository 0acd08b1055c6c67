"""Stop a deployment at once by a flag; tidy its rows after."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.creating import subject
from deployments.finishing import UNPAUSED, close_after_commit
from deployments.joining import ahead_of
from deployments.models import Deployment, DeviceDeployment
from deployments.noticing import notice_end
from deployments.parts import parts_of
from deployments.places import hold_places
from deployments.reach import CHANGE, require_for
from deployments.signals import DeploymentEvent, tell
from deployments.states import State, sources
from deployments.targets import canonical
from fleet import reach
from fleet.errors import Conflict
from fleet.models import Device, Organization
from fleet.permissions import require
from jobs.queue import enqueue

BATCH = 5000
TIDY = "tidy_aborted_deployment"


def abort(*, actor: Actor, deployment: Deployment) -> None:
    """Stop it: nobody is let in from now on, whoever has begun is told at the next report.

    Rows that are final stay as they are. Raises Forbidden, and Conflict "already_finished"
    (Mender API, Abort the deployment).
    """
    require_for(actor, CHANGE, deployment)
    if not stop(actor, deployment):
        raise Conflict("already_finished", "Deployment already finished")


@transaction.atomic
def stop(actor: Actor, deployment: Deployment, change: dict[str, str] | None = None) -> bool:
    """Abort it whoever asks, with `change` in the audit entry; False if it had finished."""
    now = timezone.now()
    hold_places(deployment.number)
    facts = {
        "stop": Deployment.Stop.FORCED,
        # Of one that was stopped gracefully the first stop is its end.
        "stopped_at": deployment.stopped_at or now,
        "stopped_by": actor.name[:512],
        "aborted_at": now,
        "finished_at": now,
        **UNPAUSED,
    }
    running = Deployment.objects.active().filter(number=deployment.number)
    if not running.update(**facts | {"stopped_at": Coalesce("stopped_at", now)}):
        return False
    record(actor, Action.ABORT, subject(deployment), change)
    if last := tidy_batch(deployment.number):
        arguments = {"deployment": deployment.number, "after": last}
        enqueue(TIDY, arguments, organization_id=deployment.organization_id)
    for name, value in facts.items():
        setattr(deployment, name, value)
    notice_end(deployment, now)
    tell(deployment, DeploymentEvent.ABORTED, now)
    return True


def tidy_batch(deployment_number: int, *, after: int = 0) -> int | None:
    """End up to BATCH open rows of an aborted deployment, those with higher numbers only.

    Returns where to go on, None at the end.
    """
    rows = DeviceDeployment.objects.unfinished().filter(deployment=deployment_number)
    later = rows.filter(number__gt=after).order_by("number")
    numbers = list(later.values_list("number", flat=True)[:BATCH])
    if numbers:
        batch = rows.filter(number__range=(numbers[0], numbers[-1]))
        batch.filter(**_FROM).update(**_aborted())
    return numbers[-1] if len(numbers) == BATCH else None


def abort_for_device(*, actor: Actor, organization: Organization, device_ref: str) -> int:
    """End every open part of one device in active deployments; returns how many there were.

    It is kept out of the dynamic ones it matches now as well. The id may be one that nobody has.
    Raises Forbidden (Mender API, Abort deployments of a device).
    """
    device = _device(organization, device_ref)
    _require(actor, device)
    named = {"device": device} if device else {"device__isnull": True, "device_ref": device_ref}
    with transaction.atomic():
        if device:
            # Whoever takes a device away, or lets it in, locks it first and its rows then.
            Device.objects.select_for_update(no_key=True).filter(number=device.number).exists()
        ended = _end(organization, named)
        ended += keep_out(device) if device else []
        if ended:
            what = Subject("device", device_ref, device.name if device else device_ref)
            deployments = Deployment.objects.filter(number__in=ended).values_list("id", flat=True)
            record(actor, Action.ABORT, what, {"deployments": [str(each) for each in deployments]})
    return len(ended)


def _require(actor: Actor, device: Device | None) -> None:
    if device is None:
        require(actor, CHANGE)
    else:
        reach.require_for(actor, CHANGE, device)


def keep_out(device: Device) -> list[int]:
    """Write a part that is over into each dynamic deployment the device would come to."""
    numbers = ahead_of(device)
    DeviceDeployment.objects.bulk_create(parts_of(device, numbers, **_aborted()))
    return numbers


def _device(organization: Organization, device_ref: str) -> Device | None:
    device_id = canonical(device_ref)
    return Device.objects.of(organization).filter(id=device_id).first() if device_id else None


def _end(organization: Organization, named: dict[str, Any]) -> list[int]:
    # Also of what is in no list any more: it goes on for who had begun.
    mine = Deployment.objects.filter(organization=organization).active()
    rows: QuerySet[DeviceDeployment] = DeviceDeployment.objects.open().filter(
        **named, **_FROM, deployment__in=mine
    )
    ended = [
        row.deployment_id
        for row in rows.order_by("number")
        if rows.filter(number=row.number).update(**_aborted())
    ]
    for number in ended:
        close_after_commit(number)
    return ended


_FROM = {"state__in": sorted(sources(State.ABORTED))}


def _aborted() -> dict[str, Any]:
    return {"state": State.ABORTED, "is_open": False, "finished_at": timezone.now()}
