"""What the layers below tell: devices come and go, artifacts are about to change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from artifacts.models import Artifact, Release
from artifacts.signals import (
    Cancelation,
    artifact_about_to_be_deleted,
    artifact_about_to_be_described,
    release_about_to_be_deleted,
    release_hidden,
    release_invalidated,
    release_use_asked,
)
from auditlog.actor import Actor
from deployments.confirming import confirm_waiting
from deployments.enlisting import link
from deployments.finishing import close_after_commit
from deployments.models import DeviceDeployment
from deployments.parts import deployments_bringing
from deployments.states import State, sources
from deployments.withdrawing import has_been_given, stop_assigning, withdraw
from fleet.errors import Conflict
from fleet.models import Device
from fleet.signals import (
    auto_confirmation_activated,
    device_decommissioned,
    device_enrolled,
)


@receiver(device_decommissioned, dispatch_uid="deployments")
def end_parts_of_decommissioned(devices: Sequence[int], at: datetime, **_: Any) -> None:
    """End what the devices have open and cut the link; the rows keep their ids and names."""
    rows = DeviceDeployment.objects.filter(device__in=devices)
    unfinished = rows.open().filter(state__in=sorted(sources(State.DECOMMISSIONED)))
    touched = set(unfinished.values_list("deployment_id", flat=True))
    unfinished.update(state=State.DECOMMISSIONED, is_open=False, finished_at=at)
    rows.update(device=None)
    for number in touched:
        close_after_commit(number)


@receiver(device_enrolled, dispatch_uid="deployments")
def link_enlistments(devices: Sequence[Device], **_: Any) -> None:
    link(devices)


@receiver(auto_confirmation_activated, dispatch_uid="deployments")
def confirm_what_waits(device: Device, **_: Any) -> None:
    confirm_waiting(device, now=timezone.now())


@receiver(artifact_about_to_be_deleted, dispatch_uid="deployments")
def keep_what_is_being_deployed(artifact: Artifact, **_: Any) -> None:
    """Raise Conflict "artifact_in_use" with the ids of the active deployments of its release."""
    _keep_while_active(artifact.release_id)


@receiver(release_about_to_be_deleted, dispatch_uid="deployments")
def keep_the_release_that_is_being_deployed(release: Release, **_: Any) -> None:
    """Raise the same."""
    _keep_while_active(release.pk)


@receiver(release_use_asked, dispatch_uid="deployments")
def tell_whether_it_was_given(release: Release, **_: Any) -> bool:
    return has_been_given(release)


@receiver(release_hidden, dispatch_uid="deployments")
def stop_assigning_what_is_hidden(release: Release, actor: Actor, **_: Any) -> None:
    stop_assigning(actor=actor, release=release)


@receiver(release_invalidated, dispatch_uid="deployments")
def withdraw_what_was_invalidated(
    release: Release, actor: Actor, cancelation: Cancelation, *, cancels_rollouts: bool, **_: Any
) -> None:
    withdraw(
        actor=actor, release=release, cancelation=cancelation, cancels_rollouts=cancels_rollouts
    )


def _keep_while_active(release: int) -> None:
    active = deployments_bringing([release]).active()
    if ids := list(active.values_list("id", flat=True)):
        raise Conflict(
            "artifact_in_use",
            "Artifact is used in active deployment",
            details={"deployments": ids},
        )


@receiver(artifact_about_to_be_described, dispatch_uid="deployments")
def keep_the_description_of_what_was_deployed(artifact: Artifact, **_: Any) -> None:
    """Raise Conflict "artifact_used" once a device has been given the artifact."""
    if DeviceDeployment.objects.filter(artifact=artifact).exists():
        raise Conflict("artifact_used", "Artifact has already been used in a deployment")
