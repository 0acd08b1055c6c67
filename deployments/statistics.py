"""How far deployments are: counted when read, never kept in a counter a whole fleet writes to."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment, is_cut_off
from deployments.states import OPEN, State, Status

Counts = dict[State, int]


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
    for number, state, devices in cut_off(numbers, "deployment"):
        move_to_aborted(found[number], State(state), devices)
    for number, places in _free_places(numbers):
        if places:
            found[number][State.PENDING] = found[number].get(State.PENDING, 0) + places
    return found


def cut_off(numbers: Iterable[int], *by: str) -> Iterable[tuple[Any, ...]]:
    """What the states alone do not say: who is open and over already, and how many.

    Rows of `by`, state and devices.
    """
    rows = DeviceDeployment.objects.filter(is_cut_off(), deployment__in=_with_an_end(numbers))
    return rows.order_by().values_list(*by, "state").annotate(devices=Count("*"))


def _with_an_end(numbers: Iterable[int]) -> QuerySet[Deployment]:
    ended = Q(aborted_at__isnull=False) | ~Q(stop="") | Q(expires_at__lte=timezone.now())
    return Deployment.objects.filter(ended, number__in=list(numbers))


def move_to_aborted(counted: Counts, state: State, devices: int) -> None:
    """Count so many that are in this state as aborted."""
    counted[state] = counted.get(state, 0) - devices
    if counted[state] <= 0:
        del counted[state]
    counted[State.ABORTED] = counted.get(State.ABORTED, 0) + devices


def _free_places(numbers: set[int]) -> Iterable[tuple[int, int]]:
    limited = Deployment.objects.filter(
        max_devices__isnull=False, finished_at__isnull=True, number__in=numbers
    )
    free = limited.annotate(free=F("max_devices") - Sum("phases__admitted")).order_by()
    return free.values_list("number", "free")


def free_places(deployment: Deployment) -> int:
    """How many may still come to a dynamic one with a limit; wants `phases` prefetched."""
    if deployment.max_devices is None or deployment.finished_at:
        return 0
    return deployment.max_devices - sum(phase.admitted for phase in deployment.phases.all())


def counts_by_phase(deployment: Deployment) -> dict[int | None, Counts]:
    """Devices by state for the number of each phase that let any in; None: not let in (yet)."""
    found: dict[int | None, Counts] = {}
    rows = deployment.device_deployments.order_by()
    grouped = rows.values_list("phase", "state").annotate(devices=Count("*"))
    for phase, state, devices in grouped:
        found.setdefault(phase, {})[State(state)] = devices
    for phase, state, devices in cut_off([deployment.number], "phase"):
        move_to_aborted(found[phase], State(state), devices)
    return found


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
    # Whom a dynamic one is for may still come, as long as it is not closed.
    is_dynamic = deployment.is_dynamic or deployment.newcomers is not None
    may_go_on = is_dynamic or any(counted.get(state) for state in OPEN)
    if deployment.stop == Deployment.Stop.GRACEFUL:
        may_go_on = any(counted.get(state) for state in OPEN)
    if deployment.finished_at or not may_go_on:
        return Status.ABORTED if deployment.stop else Status.FINISHED
    opens_at = min(
        (phase.starts_at for phase in deployment.phases.all() if phase.starts_at), default=None
    )
    if opens_at is None or opens_at > (now or timezone.now()):
        return Status.SCHEDULED
    if any(devices for state, devices in counted.items() if state != State.PENDING):
        return Status.IN_PROGRESS
    return Status.PENDING
