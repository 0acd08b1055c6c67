"""Deployments, their counters and their devices as Mender's deployments service shows them."""

from base64 import b64encode
from typing import Any

from api.json_bodies import encode
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
# Mender knows no device that is to download only: there that is all it was asked for.
SHOWN_WORD = STATE_WORD | {State.DOWNLOADED: "success"}
STATUS_WORD: dict[Status, str] = {
    Status.SCHEDULED: "scheduled",
    Status.PENDING: "pending",
    Status.IN_PROGRESS: "inprogress",
    Status.ABORTED: "finished",
    Status.FINISHED: "finished",
}
# Of each configured value that many characters are shown.
TOLD = 3
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
    counters = dict.fromkeys(STATE_WORD.values(), 0)
    for state, devices in counts.items():
        counters[SHOWN_WORD[state]] += devices
    return counters


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
        "initial_device_count": deployment.size,
        "statistics": {
            "status": counters_shape(progress.counts),
            "total_size": progress.total_size,
        },
        "artifacts": progress.artifacts,
        "groups": deployment.groups,
        "retries": deployment.retries,
        "force_installation": deployment.force_installation,
        "dynamic": deployment.is_dynamic,
    }
    if deployment.finished_at:
        shape["finished"] = stamp(deployment.finished_at)
    if deployment.is_phased:
        shape["phases"] = _phase_shapes(list(deployment.phases.all()), progress)
    optional = {
        "max_devices": deployment.places,
        "filter": _filter_shape(deployment.filter),
        "update_control_map": deployment.update_control_map,
        "configuration": _configuration_shape(deployment.configuration),
    }
    return shape | {name: value for name, value in optional.items() if value is not None}


def _filter_shape(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """As saved filters are shown; one that terms cannot say has none."""
    return kept and {name: kept[name] for name in ("id", "name", "terms")}


def _configuration_shape(configuration: dict[str, str] | None) -> str | None:
    """What is configured, but not so much of each value that a secret in it were told."""
    if configuration is None:
        return None
    told = {name: f"{str(value)[:TOLD]}...<omitted>" for name, value in configuration.items()}
    return b64encode(encode(told)).decode()


def history_shape(row: DeviceDeployment, progress: Progress) -> dict[str, Any]:
    """One deployment of a device; wants what the two shapes in it want."""
    return {
        "id": str(row.number),
        "deployment": deployment_shape(row.deployment, progress),
        "device": device_deployment_shape(row),
    }


def _phase_shapes(phases: list[Phase], progress: Progress) -> list[dict[str, Any]]:
    """The last phase, asked for without a share, shows what the others leave.

    A group of a rollout shows its share of all, and no time before it is opened.
    """
    left = 100 - sum(phase.percent or 0 for phase in phases)
    devices = sum(phase.size or 0 for phase in phases) or 1
    return [
        {
            "id": str(phase.number),
            "batch_size": _share(phase, left, devices),
            **({"start_ts": stamp(phase.starts_at)} if phase.starts_at else {}),
            "device_count": progress.asked.get(phase.number, 0),
        }
        for phase in phases
    ]


def _share(phase: Phase, left: int, devices: int) -> int:
    if phase.size is not None:
        return round(100 * phase.size / devices)
    return left if phase.percent is None else phase.percent


def device_deployment_shape(row: DeviceDeployment) -> dict[str, Any]:
    """Wants `deployment` and `artifact__release` selected, where there are many."""
    word = SHOWN_WORD[State.ABORTED if row.is_cut_off else State(row.state)]
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
