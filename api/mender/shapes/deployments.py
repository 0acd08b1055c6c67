"""Deployments, their counters and their devices as Mender's deployments service shows them."""

from typing import Any

from api.mender.progress import Progress
from api.mender.shapes.artifacts import artifact_shape
from api.mender.times import stamp
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.states import State, Status

STATE_WORD: dict[State, str] = {
    State.SUCCESS: "success",
    State.PENDING: "pending",
    State.DOWNLOADING: "downloading",
    State.REBOOTING: "rebooting",
    State.INSTALLING: "installing",
    State.FAILURE: "failure",
    State.NO_ARTIFACT: "noartifact",
    State.ALREADY_INSTALLED: "already-installed",
    State.ABORTED: "aborted",
    State.PAUSED_BEFORE_INSTALLING: "pause_before_installing",
    State.PAUSED_BEFORE_REBOOTING: "pause_before_rebooting",
    State.PAUSED_BEFORE_COMMITTING: "pause_before_committing",
    State.DECOMMISSIONED: "decommissioned",
}
STATE_OF_WORD = {word: state for state, word in STATE_WORD.items()}
STATUS_WORD: dict[Status, str] = {
    Status.SCHEDULED: "scheduled",
    Status.PENDING: "pending",
    Status.IN_PROGRESS: "inprogress",
    Status.ABORTED: "finished",
    Status.FINISHED: "finished",
}
# What a list may be narrowed down to: an aborted deployment is a finished one.
STATUSES_OF_WORD: dict[str, tuple[Status, ...]] = {
    "scheduled": (Status.SCHEDULED,),
    "pending": (Status.PENDING,),
    "inprogress": (Status.IN_PROGRESS,),
    "finished": (Status.FINISHED, Status.ABORTED),
    "aborted": (Status.FINISHED, Status.ABORTED),
}


def counters_shape(counts: dict[State, int]) -> dict[str, int]:
    """All thirteen counters, whether anything was counted or not."""
    return {word: counts.get(state, 0) for state, word in STATE_WORD.items()}


def deployment_shape(deployment: Deployment, progress: Progress) -> dict[str, Any]:
    """Wants `phases` prefetched, where there are many."""
    shape: dict[str, Any] = {
        "id": str(deployment.id),
        "name": deployment.name,
        "artifact_name": deployment.release_name,
        "created": stamp(deployment.created_at),
        "status": STATUS_WORD[progress.status],
        "type": deployment.kind,
        "device_count": sum(progress.asked.values()),
        "max_devices": deployment.size,
        "initial_device_count": deployment.size,
        "statistics": {
            "status": counters_shape(progress.counts),
            "total_size": progress.total_size,
        },
        "artifacts": progress.artifacts,
        "groups": deployment.groups,
        "retries": deployment.retries,
        "force_installation": deployment.force_installation,
        "dynamic": False,
    }
    if deployment.finished_at:
        shape["finished"] = stamp(deployment.finished_at)
    if deployment.is_phased:
        shape["phases"] = _phase_shapes(list(deployment.phases.all()), progress)
    return shape


def _phase_shapes(phases: list[Phase], progress: Progress) -> list[dict[str, Any]]:
    """The last phase, asked for without a share, shows what the others leave."""
    left = 100 - sum(phase.percent or 0 for phase in phases)
    return [
        {
            "id": str(phase.number),
            "batch_size": left if phase.percent is None else phase.percent,
            "start_ts": stamp(phase.starts_at),
            "device_count": progress.asked.get(phase.number, 0),
        }
        for phase in phases
    ]


def device_deployment_shape(row: DeviceDeployment) -> dict[str, Any]:
    """Wants `deployment` and `artifact__release` selected, where there are many."""
    is_cut_off = row.is_open and row.deployment.aborted_at is not None
    word = STATE_WORD[State.ABORTED if is_cut_off else State(row.state)]
    shape: dict[str, Any] = {
        "id": row.device_ref,
        "status": word,
        "state": word,
        "created": stamp(row.deployment.created_at),
        "device_type": row.device_type,
        "log": row.has_log,
        "attempts": row.attempts,
        "retries": row.deployment.retries,
    }
    if row.substate:
        shape["substate"] = row.substate
    if row.artifact:
        shape["image"] = artifact_shape(row.artifact)
    moments = {"started": row.started_at, "finished": row.finished_at}
    return shape | {name: stamp(moment) for name, moment in moments.items() if moment}
