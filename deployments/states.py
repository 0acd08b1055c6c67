"""The state machine of one device in one deployment: each state, what may follow, what is final."""

from django.db.models import TextChoices


class State(TextChoices):
    PENDING = "pending", "Waiting"
    DOWNLOADING = "downloading", "Downloading"
    INSTALLING = "installing", "Installing"
    REBOOTING = "rebooting", "Rebooting"
    PAUSED_BEFORE_INSTALLING = "paused_before_installing", "Held on device"
    PAUSED_BEFORE_REBOOTING = "paused_before_rebooting", "Held on device"
    PAUSED_BEFORE_COMMITTING = "paused_before_committing", "Held on device"
    SUCCESS = "success", "Installed"
    DOWNLOADED = "downloaded", "Downloaded"
    ALREADY_INSTALLED = "already_installed", "Already had it"
    FAILURE = "failure", "Failed"
    NO_ARTIFACT = "no_artifact", "Nothing fits"
    ABORTED = "aborted", "Aborted"
    DECOMMISSIONED = "decommissioned", "Decommissioned"


class Cause(TextChoices):
    """Why a part ended, where its state alone does not say so."""

    NONE = "", "As the state says"
    EXPIRED = "expired", "Not begun, or not done, in time"
    NOT_REQUESTED = "no_version", "Nothing was asked for its kit"


S = State
# Where a device waits for its update control map to let it go on.
HELD: dict[State, str] = {
    S.PAUSED_BEFORE_INSTALLING: "Held before installing",
    S.PAUSED_BEFORE_REBOOTING: "Held before rebooting",
    S.PAUSED_BEFORE_COMMITTING: "Held before committing",
}

BEGUN = frozenset(
    {
        S.DOWNLOADING,
        S.INSTALLING,
        S.REBOOTING,
        S.PAUSED_BEFORE_INSTALLING,
        S.PAUSED_BEFORE_REBOOTING,
        S.PAUSED_BEFORE_COMMITTING,
    }
)
OPEN = BEGUN | {S.PENDING}
FINAL = frozenset(S) - OPEN
# What a device may say of itself, in any order: it may go back, and out of its own final word.
# It says "downloaded" only where it is to download and not to install: that is the end of it.
REPORTABLE = BEGUN | {S.SUCCESS, S.ALREADY_INSTALLED, S.FAILURE}
# Decided over the device's head; nothing it says afterwards changes them.
SEALED = frozenset({S.NO_ARTIFACT, S.ABORTED, S.DECOMMISSIONED})

MOVES: dict[State, frozenset[State]] = {
    S.PENDING: REPORTABLE | SEALED | {S.DOWNLOADED},
    # A failure with attempts left waits for the next one.
    **{
        state: REPORTABLE | {S.PENDING, S.DOWNLOADED, S.ABORTED, S.DECOMMISSIONED}
        for state in BEGUN
    },
    S.SUCCESS: REPORTABLE,
    S.ALREADY_INSTALLED: REPORTABLE,
    # People may give it another round of attempts.
    S.FAILURE: REPORTABLE | {S.PENDING},
    S.DOWNLOADED: frozenset(),
    S.NO_ARTIFACT: frozenset(),
    S.ABORTED: frozenset(),
    S.DECOMMISSIONED: frozenset(),
}


def sources(target: State) -> frozenset[State]:
    """The states from which `target` may be reached."""
    return frozenset(state for state, targets in MOVES.items() if target in targets)


class Status(TextChoices):
    """The status of a whole deployment, derived from its rows and the clock when it is read."""

    SCHEDULED = "scheduled", "Scheduled"
    PENDING = "pending", "Waiting"
    IN_PROGRESS = "in_progress", "In progress"
    PAUSED = "paused", "Paused"
    ABORTED = "aborted", "Aborted"
    FINISHED = "finished", "Finished"


class Stage(TextChoices):
    """How far a phase was when that was last told to whoever listens.

    It follows the clock and the rows by seconds: nothing is decided by it.
    """

    CLOSED = "closed"
    OPENED = "opened"
    FILLED = "filled"
    FINISHED = "finished"
