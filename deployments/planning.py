"""How a deployment is meant to run, and how its phases cut a number of devices. Pure arithmetic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from deployments.models import Deployment
from fleet.errors import Invalid


@dataclass(frozen=True, slots=True)
class PhasePlan:
    """A share of the devices in percent, and when it opens.

    Only the last phase may leave `percent` out, and takes the rest either way; only the first
    may leave `starts_at` out, which means at once.
    """

    percent: int | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for. `device_refs` are used by target "devices", `group` by "group".

    In the place of `device_refs` may stand `q`, a condition in FIQL: it is for the accepted devices
    that match when it is made.
    No phases means all devices at once. `retries` allows that many more attempts per device.
    Target "filter" takes `filter_id` of a saved filter, and `max_devices` where only so many may
    take part. `update_control_map` is any JSON object. Of the others, at most `in_flight_limit`
    devices are at it at once, and who has not begun by `expires_at` never will.
    """

    name: str
    release_name: str
    target: Deployment.Target
    device_refs: tuple[str, ...] = ()
    group: str = ""
    phases: tuple[PhasePlan, ...] = ()
    retries: int = 0
    force_installation: bool = False
    filter_id: UUID | None = None
    max_devices: int | None = None
    update_control_map: dict[str, Any] | None = None
    q: str = ""
    in_flight_limit: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """One phase cut to size: `quota` is None for the last, which admits everyone left."""

    percent: int | None
    starts_at: datetime
    devices: int
    quota: int | None


MAX_PHASES = 100
MAX_RETRIES = 1000
MAX_LIMIT = 2**31 - 1


def cut_plan(plan: Plan, size: int, *, now: datetime) -> list[Slice]:
    """Cut `size` devices by the phases of the plan; raises what `cut` raises.

    A dynamic deployment without phases may begin with nobody. Its limit is cut off the phases
    one after the other, the last taking what is left of it (Mender API, Deployments v2).
    """
    if plan.target != Deployment.Target.FILTER:
        return cut(plan.phases, size, now=now)
    slices = cut(plan.phases, size if plan.phases else max(size, 1), now=now)
    if not plan.phases:
        slices = [replace(slices[0], devices=size)]
    return slices if plan.max_devices is None else list(_limited(slices, plan.max_devices))


def _limited(slices: list[Slice], limit: int) -> Iterator[Slice]:
    for each in slices:
        quota = limit if each.quota is None else min(each.quota, limit)
        limit -= quota
        yield replace(each, devices=quota, quota=quota)


def cut(phases: Sequence[PhasePlan], size: int, *, now: datetime) -> list[Slice]:
    """Cut `size` devices: floor(percent × size / 100) each, the last phase takes the rest.

    Raises Invalid "invalid_phases", or "empty_phase" with the 1-based number of the phase that
    rounds to nobody in `details["batch"]` (Mender API, Create deployment: phases).
    """
    phases = phases or (PhasePlan(),)
    check_phases(phases)
    slices: list[Slice] = []
    left, opens = size, phases[0].starts_at or now
    for position, phase in enumerate(phases):
        is_last = position == len(phases) - 1
        devices = left if is_last else (phase.percent or 0) * size // 100
        if devices <= 0:
            raise _empty(position + 1)
        # "At once" may be later than what the next phase says; it does not go backwards.
        opens = max(opens, phase.starts_at or opens)
        slices.append(Slice(phase.percent, opens, devices, None if is_last else devices))
        left -= devices
    return slices


def check_phases(phases: Sequence[PhasePlan]) -> None:
    """Raise Invalid "invalid_phases" where shares or times contradict each other."""
    if len(phases) > MAX_PHASES:
        raise _invalid(f"A deployment has at most {MAX_PHASES} phases")
    _check_shares([phase.percent for phase in phases])
    _check_times([phase.starts_at for phase in phases])


def _check_shares(shares: list[int | None]) -> None:
    if None in shares[:-1]:
        raise _invalid("Only the last phase may leave its share out")
    given = [share for share in shares if share is not None]
    if not all(1 <= share <= 100 for share in given):
        raise _invalid("The share of a phase is between 1 and 100 percent")
    if sum(given) > 100:
        raise _invalid("The shares of the phases add up to more than 100 percent")
    if shares and shares[-1] is None and sum(given) == 100:
        raise _invalid("The shares of the phases leave nothing for the last one")


def _check_times(times: list[datetime | None]) -> None:
    if None in times[1:]:
        raise _invalid("Only the first phase may leave its start out")
    given = [time for time in times if time is not None]
    if any(later < earlier for earlier, later in pairwise(given)):
        raise _invalid("A phase starts before the one in front of it")


def _invalid(message: str) -> Invalid:
    return Invalid("invalid_phases", message, field="phases")


def _empty(batch: int) -> Invalid:
    message = (
        f"Attempt to create a batch with zero devices not allowed. Batch: ({batch}) will be empty"
    )
    return Invalid("empty_phase", message, field="phases", details={"batch": batch})
