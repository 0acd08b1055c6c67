"""What the layers below tell: devices come and go, artifacts are about to change."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from artifacts.models import Artifact
from artifacts.signals import artifact_about_to_be_deleted, artifact_about_to_be_described
from deployments.enlisting import link
from deployments.finishing import close_after_commit
from deployments.models import Deployment, DeviceDeployment
from deployments.states import State, sources
from fleet.errors import Conflict
from fleet.models import Device
from fleet.signals import device_decommissioned, device_enrolled


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
def link_enlistments(device: Device, **_: Any) -> None:
    link(device)


@receiver(artifact_about_to_be_deleted, dispatch_uid="deployments")
def keep_what_is_being_deployed(artifact: Artifact, **_: Any) -> None:
    """Raise Conflict "artifact_in_use" with the ids of the active deployments of its release."""
    active = Deployment.objects.active().filter(release=artifact.release_id)
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
