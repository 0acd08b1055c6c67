"""How a state looks: its tone and its icon. The words stand with the states themselves."""

from django.db.models import TextChoices

from deployments.states import State, Status
from fleet.states import Admission

Look = tuple[str, str]

ADMISSION: dict[TextChoices, Look] = {
    Admission.ACCEPTED: ("ok", "check"),
    Admission.PREAUTHORIZED: ("run", "ticket"),
    Admission.PENDING: ("warn", "ask"),
    Admission.REJECTED: ("fail", "cross"),
    Admission.NOAUTH: ("wait", "none"),
}
STATUS: dict[TextChoices, Look] = {
    Status.SCHEDULED: ("wait", "clock"),
    Status.PENDING: ("wait", "wait"),
    Status.IN_PROGRESS: ("run", "play"),
    Status.PAUSED: ("warn", "pause"),
    Status.ABORTED: ("wait", "cross"),
    Status.FINISHED: ("ok", "check"),
}
PART: dict[TextChoices, Look] = {
    State.PENDING: ("wait", "wait"),
    State.DOWNLOADING: ("run", "download"),
    State.INSTALLING: ("run", "install"),
    State.REBOOTING: ("run", "reboot"),
    State.PAUSED_BEFORE_INSTALLING: ("warn", "pause"),
    State.PAUSED_BEFORE_REBOOTING: ("warn", "pause"),
    State.PAUSED_BEFORE_COMMITTING: ("warn", "pause"),
    State.SUCCESS: ("ok", "check"),
    State.ALREADY_INSTALLED: ("ok", "check-twice"),
    State.DOWNLOADED: ("ok", "download"),
    State.FAILURE: ("fail", "failed"),
    State.NO_ARTIFACT: ("wait", "none"),
    State.ABORTED: ("wait", "cross"),
    State.DECOMMISSIONED: ("wait", "stop"),
}
# The parts of a progress bar, in the order in which they are drawn and listed.
KINDS: dict[str, tuple[str, str, str]] = {
    "ok": ("ok", "check", "Installed"),
    "run": ("run", "install", "In progress"),
    "fail": ("fail", "failed", "Failed"),
    "wait": ("wait", "wait", "Waiting"),
}
