"""How far deployments are: counted when read, never kept in a counter a whole fleet writes to."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count, F, Sum
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment
from deployments.states import OPEN, State, Status

Counts = dict[State, int]
ByPhase = dict[int | None, Counts]

# What says whether a deployment has come to its end.
_ENDS = ("max_devices", "joining_closed_at", "stop", "expires_at", "aborted_at", "finished_at")


def counts(deployment_numbers: Iterable[int]) -> dict[int, Counts]:
    """Devices by state for each deployment; states without devices are left out.

    What is open and cut off counts as aborted, tidied or not. The places of a
    dynamic deployment that nobody has taken yet count as pending (Mender API, Deployments v2).
    """
    numbers = set(deployment_numbers)
    found: dict[int, Counts] = {number: {} for number in numbers}
    rows = DeviceDeployment.objects.filter(deployment__in=numbers).order_by()
    grouped = rows.values_list("deployment", "state").annotate(devices=Count("*"))
    for number, state, devices in grouped:
        found[number][State(state)] = devices
    free = F("max_devices") - Sum("phases__admitted")
    asked = Deployment.objects.filter(number__in=numbers).order_by().only(*_ENDS)
    deployments = list(asked.annotate(free=free))
    cut_off(deployments, {number: {None: counted} for number, counted in found.items()})
    for deployment in deployments:
        places = getattr(deployment, "free", None)
        if places and not _takes_nobody(deployment):
            counted = found[deployment.number]
            counted[State.PENDING] = counted.get(State.PENDING, 0) + places
    return found


def counts_by_phase(deployment: Deployment) -> ByPhase:
    """Devices by state for the number of each phase that let any in; None: not let in (yet)."""
    return counts_of_all([deployment])[deployment.number]


def counts_of_all(deployments: Iterable[Deployment]) -> dict[int, ByPhase]:
    """The same for the number of each: one query, and one more where some have come to an end."""
    listed = list(deployments)
    found: dict[int, ByPhase] = {each.number: {} for each in listed}
    rows = DeviceDeployment.objects.filter(deployment__in=list(found)).order_by()
    grouped = rows.values_list("deployment", "phase", "state").annotate(devices=Count("*"))
    for number, phase, state, devices in grouped:
        found[number].setdefault(phase, {})[State(state)] = devices
    cut_off(listed, found)
    return found


def cut_off(deployments: Iterable[Deployment], found: Mapping[int, ByPhase]) -> None:
    """Count who is open and over as aborted: by phase, or by None for all of them.

    Whom the states alone do not tell apart, who has begun and who has not, is asked for.
    """
    now = timezone.now()
    ending: list[Deployment] = []
    for each in deployments:
        if each.lets_nobody_go_on(now):
            _abort_all(found[each.number])
        elif each.lets_nobody_begin(now) and _has_open(found[each.number]):
            ending.append(each)
    if ending:
        _abort_waiting(ending, found)


def _abort_all(by_phase: ByPhase) -> None:
    for counted in by_phase.values():
        for state in OPEN & counted.keys():
            _move_to_aborted(counted, state, counted[state])


def _abort_waiting(deployments: list[Deployment], found: Mapping[int, ByPhase]) -> None:
    waiting = DeviceDeployment.objects.unfinished().filter(is_instructed=False)
    rows = waiting.filter(deployment__in=[each.number for each in deployments]).order_by()
    grouped = rows.values_list("deployment", "phase", "state").annotate(devices=Count("*"))
    for number, phase, state, devices in grouped:
        counted = found[number].get(phase) or found[number].get(None)
        # Somebody may have moved since the others were counted.
        if counted and (moved := min(devices, counted.get(State(state), 0))):
            _move_to_aborted(counted, State(state), moved)


def _has_open(by_phase: ByPhase) -> bool:
    return any(counted.get(state) for counted in by_phase.values() for state in OPEN)


def _move_to_aborted(counted: Counts, state: State, devices: int) -> None:
    counted[state] -= devices
    if not counted[state]:
        del counted[state]
    counted[State.ABORTED] = counted.get(State.ABORTED, 0) + devices


def free_places(deployment: Deployment) -> int:
    """How many may still come to a dynamic one with a limit; wants `phases` prefetched."""
    if deployment.max_devices is None or _takes_nobody(deployment):
        return 0
    return deployment.max_devices - sum(phase.admitted for phase in deployment.phases.all())


def _takes_nobody(deployment: Deployment) -> bool:
    return deployment.finished_at is not None or deployment.joining_closed_at is not None


def status_of(
    deployment: Deployment, counted: Mapping[State, int], *, now: datetime | None = None
) -> Status:
    """The status that people, rows and clock make; reads `phases`, so prefetch them for many."""
    course = course_of(deployment, counted, now=now)
    is_over = course in {Status.ABORTED, Status.FINISHED}
    return Status.PAUSED if deployment.paused_at and not is_over else course


def course_of(
    deployment: Deployment, counted: Mapping[State, int], *, now: datetime | None = None
) -> Status:
    """The status, were nothing ever paused; wants what `status_of` wants.

    Scheduled until the first phase opens, pending until a device has reported or been refused,
    in progress until nothing is open, or a dynamic one is closed (Mender API, Deployment: status).
    """
    if deployment.aborted_at:
        return Status.ABORTED
    now = now or timezone.now()
    goes_on = any(counted.get(state) for state in OPEN) or _may_still_come(deployment)
    if deployment.finished_at or not goes_on:
        return Status.ABORTED if deployment.stop else Status.FINISHED
    starts = (phase.starts_at for phase in deployment.phases.all() if phase.starts_at)
    opens_at = min(starts, default=None)
    if opens_at is None or opens_at > now:
        return Status.SCHEDULED
    if deployment.lets_nobody_begin(now):
        return Status.IN_PROGRESS
    if any(devices for state, devices in counted.items() if state != State.PENDING):
        return Status.IN_PROGRESS
    return Status.PENDING


def _may_still_come(deployment: Deployment) -> bool:
    """Whom a dynamic one is for may, as long as it is not closed."""
    if deployment.stop:
        return False
    is_open = deployment.is_dynamic and deployment.joining_closed_at is None
    return is_open or deployment.newcomers is not None
