"""The kinds of events that a webhook can ask for."""

from django.db.models import TextChoices


class EventKind(TextChoices):
    """The word is what receivers know it by, the label says when it happens."""

    DEVICE_PENDING = "device.pending", "A device has shown a key that nobody has judged"
    DEVICE_ACCEPTED = "device.accepted", "A device was accepted, by a person or by itself"
    DEVICE_REJECTED = "device.rejected", "A key of a device was rejected, or all of its keys"
    DEVICE_PREAUTHORIZED = "device.preauthorized", "A device was let in before it called"
    DEVICE_DISMISSED = "device.dismissed", "A key of a device was forgotten"
    DEVICE_DECOMMISSIONED = "device.decommissioned", "A device was removed"
    DEPLOYMENT_CREATED = "deployment.created", "A deployment was made"
    DEPLOYMENT_STARTED = "deployment.started", "The first device was let in"
    DEPLOYMENT_PAUSED = "deployment.paused", "A deployment was paused, by a person or by its limit"
    DEPLOYMENT_RESUMED = "deployment.resumed", "A paused deployment goes on"
    DEPLOYMENT_RETRIED = "deployment.retried", "Devices that had failed wait again"
    DEPLOYMENT_ABORTED = "deployment.aborted", "A deployment was aborted"
    DEPLOYMENT_FINISHED = "deployment.finished", "All devices of a deployment have ended"
    PHASE_OPENED = "phase.opened", "A phase of a deployment has opened"
    PHASE_FILLED = "phase.filled", "The last place of a phase was taken"
    PHASE_FINISHED = "phase.finished", "All devices of a phase have ended"
    DEVICE_DEPLOYMENT_SUCCEEDED = "device_deployment.succeeded", "A device has installed a release"
    DEVICE_DEPLOYMENT_FAILED = (
        "device_deployment.failed",
        "A device has failed to install a release",
    )
    DEVICE_DEPLOYMENT_SKIPPED = (
        "device_deployment.skipped",
        "A device had the release already, or nothing in it fits",
    )
    ALERT_RAISED = "alert.raised", "A monitor of a device raised an alert"
    ALERT_CLEARED = "alert.cleared", "A monitor of a device says that all is well"

    @property
    def area(self) -> str:
        """What it is about: the part before the dot."""
        return self.value.partition(".")[0]


# What a person sends to try a webhook; nobody subscribes to it.
PING = "ping"
KINDS = [*EventKind.values, PING]
