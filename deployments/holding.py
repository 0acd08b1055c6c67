"""A deployment for one device that begins when somebody says so, and a device's part taken back.

Its only phase has no time to open at: it is scheduled, and nobody begins it, until the hold is
released. Source: NPM, update init, start and reset.
"""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from artifacts.locking import lock_if_wanted
from artifacts.models import Release
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.creating import check_name, made_by, release_named, someone, subject
from deployments.enlisting import enlist
from deployments.finishing import close_after_commit
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.places import hold_places
from deployments.reach import ADD, CHANGE, require_for
from deployments.signals import DeploymentEvent, tell
from deployments.states import State, sources
from deployments.stopping import stop_gracefully
from deployments.targets import Targets
from fleet import reach
from fleet.errors import Conflict
from fleet.models import Device, Organization


def create_held(
    *, actor: Actor, organization: Organization, device: Device, release: Release, name: str
) -> Deployment:
    """Make a deployment of the release to this device alone, which waits to be released.

    Raises Forbidden, Invalid "invalid_name" or "no_devices" where the device is gone, and Conflict
    "no_artifact" where the release has nothing to install.
    """
    reach.require_for(actor, ADD, device)
    check_name(name)
    with transaction.atomic():
        now = timezone.now()
        # Locked: its last artifact cannot be deleted while we commit to it.
        releases = Release.objects.of(organization).select_for_update()
        brought = release_named(releases, release.name)
        lock_if_wanted(brought, organization)
        deployment = Deployment.objects.create(
            organization=organization,
            name=name,
            release=brought,
            release_name=brought.name,
            target=Deployment.Target.DEVICES,
            size=1,
            request_digest=uuid.uuid4().hex,
            created_at=now,
            **made_by(actor),
        )
        targets = Targets(organization, listed=[(str(device.id), str(device.id))])
        someone(enlist(deployment, targets))
        Phase.objects.create(deployment=deployment, position=0)
        told = {"release": brought.name, "devices": 1, "held": True}
        record(actor, Action.CREATE, subject(deployment), told)
        tell(deployment, DeploymentEvent.CREATED, now)
    return deployment


def is_held(deployment: Deployment) -> bool:
    """Whether it waits for somebody to start it; one query."""
    if deployment.origin != Deployment.Origin.PLAN or deployment.finished_at is not None:
        return False
    return deployment.stopped_at is None and _closed(deployment).exists()


@transaction.atomic
def release_hold(*, actor: Actor, deployment: Deployment) -> None:
    """Open it now: the device's next call may begin it.

    Raises Forbidden, and Conflict "not_held", or "newer_done" where the device has begun what was
    made later: it never goes back to this.
    """
    require_for(actor, CHANGE, deployment)
    # Who is let into what was made later at this moment has gone on, or waits for us.
    devices = Device.objects.filter(number__in=_devices(deployment)).order_by("number")
    list(devices.select_for_update(no_key=True).values_list("number"))
    hold_places(deployment.number)
    going = Deployment.objects.active().filter(number=deployment.number, stop="", origin="plan")
    closed = _closed(deployment).filter(deployment__in=going)
    if _has_gone_on(deployment):
        raise Conflict("newer_done", "The device has been in a newer deployment")
    now = timezone.now()
    if not closed.update(starts_at=now):
        raise Conflict("not_held", "The deployment does not wait to be started")
    record(actor, Action.UPDATE, subject(deployment), {"started": now.isoformat()})


@transaction.atomic
def take_back_row(*, actor: Actor, row: DeviceDeployment) -> None:
    """End one device's part that has not begun; for everybody else the deployment goes on.

    A deployment that is for this device alone is stopped with it. Raises Forbidden, Conflict
    "already_begun", or "already_finished" where it is over.
    """
    deployment = row.deployment
    _require(actor, row)
    if row.device is not None:
        # Whoever takes a device away, or lets it in, locks it first and its rows then.
        Device.objects.select_for_update(no_key=True).filter(number=row.device.number).exists()
    hold_places(deployment.number)
    ended = {"state": State.ABORTED, "is_open": False, "finished_at": timezone.now()}
    message = f"Stopped by {actor.name}"[:512]
    waiting = DeviceDeployment.objects.open().filter(
        number=row.number, is_instructed=False, state__in=sorted(sources(State.ABORTED))
    )
    active = Deployment.objects.active().filter(number=deployment.number)
    if not waiting.filter(deployment__in=active).update(message=message, **ended):
        raise _refusal(row)
    if _is_for_one(deployment):
        stop_gracefully(actor=actor, deployment=deployment)
        return
    what = Subject("device", row.device_ref, row.device_name or row.device_ref)
    record(actor, Action.ABORT, what, {"deployments": [str(deployment.id)]})
    close_after_commit(deployment.number)


def _closed(deployment: Deployment) -> QuerySet[Phase]:
    return Phase.objects.filter(deployment=deployment.number, starts_at__isnull=True)


def _has_gone_on(deployment: Deployment) -> bool:
    """Whether the device has been let into what was made later."""
    newer = DeviceDeployment.objects.asked().filter(
        device__in=_devices(deployment), deployment__gt=deployment.number
    )
    return newer.exists()


def _devices(deployment: Deployment) -> QuerySet[DeviceDeployment, Any]:
    rows = DeviceDeployment.objects.filter(deployment=deployment.number, device__isnull=False)
    return rows.values("device")


def _is_for_one(deployment: Deployment) -> bool:
    is_listed = deployment.target == Deployment.Target.DEVICES
    return is_listed and deployment.size == 1 and not deployment.supersedes


def _require(actor: Actor, row: DeviceDeployment) -> None:
    if row.device is None:
        require_for(actor, CHANGE, row.deployment)
    else:
        reach.require_for(actor, CHANGE, row.device)


def _refusal(row: DeviceDeployment) -> Conflict:
    is_open = DeviceDeployment.objects.open().filter(number=row.number)
    if is_open.filter(deployment__finished_at__isnull=True, is_instructed=True).exists():
        return Conflict("already_begun", "The device has begun")
    return Conflict("already_finished", "The device's part is over")
