"""What deployments tell the layers above, inside the transaction of the change.

Every signal carries `organization_id`, `deployment` (its number) and `at`. What a receiver raises
undoes the change; it sees the rows as they have become.
"""

from datetime import datetime
from enum import StrEnum

from django.dispatch import Signal

from deployments.models import Deployment


class DeploymentEvent(StrEnum):
    CREATED = "created"
    # The first device was let in.
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    # Devices that had failed wait again; it may have been finished before.
    RETRIED = "retried"
    ABORTED = "aborted"
    FINISHED = "finished"


class PhaseEvent(StrEnum):
    OPENED = "opened"
    # Its last place was taken; a phase without a quota is never full.
    FILLED = "filled"
    # All who were let in have ended, and nobody else comes.
    FINISHED = "finished"


# sender=Deployment, event=DeploymentEvent
deployment_changed = Signal()

# sender=Phase, phase=its number, event=PhaseEvent: each at most once, in this order
phase_changed = Signal()

# sender=DeviceDeployment, device_deployment=its number, state=State: a device's part has ended by
# what the device said or has. An end over its head is told by the deployment or the device alone.
device_deployment_ended = Signal()


def tell(deployment: Deployment, event: DeploymentEvent, at: datetime) -> None:
    """Send `deployment_changed`."""
    deployment_changed.send(
        Deployment,
        event=event,
        deployment=deployment.number,
        organization_id=deployment.organization_id,
        at=at,
    )
