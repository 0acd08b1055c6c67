"""A deployment as Mender's callers ask for it, made a plan of ours.

Source: Mender API, Deployments (management), NewDeployment and NewDeploymentForGroup.
"""

from typing import Any
from uuid import UUID

from api.json_bodies import member
from api.mender.ids import NOBODY, uuid_of
from api.mender.requests import text_member
from api.mender.times import UNSET, read_stamp
from deployments.models import Deployment
from deployments.planning import PhasePlan, Plan
from fleet.errors import Invalid

Target = Deployment.Target
NO_TARGET = "Invalid deployments definition: provide list of devices or set all_devices flag"
TWO_TARGETS = (
    "Invalid deployments definition: list of devices provided togheter with all_devices flag"
)
FILTER_AND_TARGET = (
    "Invalid deployments definition: filter_id provided together with devices or all_devices"
)
GROUP_AND_TARGET = (
    "The deployment for group constructor should have neither list of devices nor"
    " all_devices flag set"
)


def read_plan(body: dict[str, Any], *, group: str | None = None) -> Plan:
    """For a group if one is named, else for whom the body names; raises Invalid."""
    devices, is_for_all = _devices(body), _flag(body, "all_devices")
    filter_id = _filter_id(body)
    return Plan(
        name=text_member(body, "name", longest=256, shortest=1),
        release_name=text_member(body, "artifact_name", longest=4096, shortest=1),
        target=_target(devices, group, filter_id, is_for_all=is_for_all),
        device_refs=devices,
        group=group or "",
        phases=tuple(_phase(phase) for phase in _list(body, "phases")),
        retries=_integer(body, "retries") or 0,
        force_installation=_flag(body, "force_installation"),
        filter_id=filter_id,
        # Nothing and nought are the same to the callers' libraries.
        max_devices=_integer(body, "max_devices") or None,
        update_control_map=read_control_map(body),
    )


def read_dynamic_plan(body: dict[str, Any]) -> Plan:
    """Version 2: for the devices that match a saved filter, whenever they do; raises Invalid."""
    if _filter_id(body) is None:
        raise _invalid("filter_id: cannot be blank")
    return read_plan(body)


def read_control_map(body: dict[str, Any]) -> dict[str, Any] | None:
    """Any object at all, None where there is none; raises Invalid."""
    value = member(body, "update_control_map")
    if value is not None and not isinstance(value, dict):
        raise _invalid("update_control_map: must be an object")
    return value


def _target(
    devices: tuple[str, ...], group: str | None, filter_id: UUID | None, *, is_for_all: bool
) -> Target:
    if group is not None:
        if devices or is_for_all or filter_id:
            raise _invalid(GROUP_AND_TARGET)
        return Target.GROUP
    if devices and is_for_all:
        raise _invalid(TWO_TARGETS)
    if filter_id:
        if devices or is_for_all:
            raise _invalid(FILTER_AND_TARGET)
        return Target.FILTER
    if not devices and not is_for_all:
        raise _invalid(NO_TARGET)
    return Target.ALL if is_for_all else Target.DEVICES


def _filter_id(body: dict[str, Any]) -> UUID | None:
    text = text_member(body, "filter_id", longest=64)
    if text and uuid_of(text) == NOBODY:
        raise _invalid("filter_id: must be a valid UUID")
    return uuid_of(text) if text else None


def _devices(body: dict[str, Any]) -> tuple[str, ...]:
    devices = _list(body, "devices")
    if not all(isinstance(device, str) and device for device in devices):
        raise _invalid("devices: each must be a text that is not empty")
    return tuple(devices)


def _phase(phase: Any) -> PhasePlan:
    if not isinstance(phase, dict):
        raise _invalid("phases: each must be an object")
    start = member(phase, "start_ts")
    return PhasePlan(
        percent=_integer(phase, "batch_size"),
        starts_at=None if start in (None, "", UNSET) else read_stamp(start, "start_ts"),
    )


def _list(body: dict[str, Any], name: str) -> list[Any]:
    value = member(body, name)
    if value is not None and not isinstance(value, list):
        raise _invalid(f"{name}: must be a list")
    return value or []


def _flag(body: dict[str, Any], name: str) -> bool:
    value = member(body, name)
    if value is not None and not isinstance(value, bool):
        raise _invalid(f"{name}: must be true or false")
    return bool(value)


def _integer(body: dict[str, Any], name: str) -> int | None:
    value = member(body, name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise _invalid(f"{name}: must be an integer")
    return value


def _invalid(message: str) -> Invalid:
    return Invalid("invalid_deployment", message)
