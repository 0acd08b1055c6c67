"""How far the update of one device is, in the words of those who look after that device alone."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices

from deployments.models import Deployment, DeviceDeployment


class UpdateState(TextChoices):
    """Graceful is a failure that left the device as it was; after a critical one nobody knows."""

    IDLE = "idle"
    # Nothing stays in it: what is to be installed is checked while it is asked for.
    INITIALIZING = "initializing"
    INITIALIZED = "initialized"
    RUNNING = "running"
    FAILED_GRACEFUL = "failed_graceful"
    FAILED_CRITICAL = "failed_critical"


FAILED = frozenset({UpdateState.FAILED_GRACEFUL, UpdateState.FAILED_CRITICAL})


@dataclass(frozen=True, slots=True)
class DeviceUpdate:
    """Where a device's update stands, since when, and why in a sentence.

    `deployment` is what it is part of, None while there is nothing to do; `row` is the device's
    part in it, None of a dynamic one that the device's next call would join. `target_version` is
    empty where there is none, or none is known.
    """

    state: UpdateState
    description: str
    since: datetime
    deployment: Deployment | None = None
    row: DeviceDeployment | None = None
    target_version: str = ""
