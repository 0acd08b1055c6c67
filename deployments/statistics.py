"""How far deployments are: counted when read, never kept in a counter a whole fleet writes to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment
from deployments.states import OPEN, State, Status

Counts = dict[State, int]


def counts(deployment_numbers: Iterable[int]) -> dict[int, Counts]:
    """Devices by state for each deployment; states without devices are left out.

    What is open in an aborted deployment counts as aborted, tidied or not. The places of a
    dynamic deployment that nobody has taken yet count as pending (Mender API, Deployments v2).
    """
    numbers = set(deployment_numbers)
    found: dict[int, Counts] = {number: {} for number in numbers}
    rows = DeviceDeployment.objects.filter(deployment__in=numbers).order_by()
    grouped = rows.values_list("deployment", "state").annotate(devices=Count("*"))
    for number, state, devices in grouped:
        found[number][State(state)] = devices
    for number, is_aborted, places in _corrections(numbers):
        if is_aborted:
            found[number] = as_aborted(found[number])
        elif places:
            found[number][State.PENDING] = found[number].get(State.PENDING, 0) + places
    return found


def _corrections(numbers: set[int]) -> Iterator[tuple[int, bool, int]]:
    """What the rows alone do not say: whether it was aborted, how many places are free."""
    is_limited = Q(max_devices__isnull=False, finished_at__isnull=True)
    touched = Deployment.objects.filter(
        is_limited | Q(aborted_at__isnull=False), number__in=numbers
    )
    free = touched.annotate(free=F("max_devices") - Sum("phases__admitted")).order_by()
    for number, aborted_at, places in free.values_list("number", "aborted_at", "free"):
        yield number, aborted_at is not None, places or 0


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
    if deployment.aborted_at:
        return {phase: as_aborted(counted) for phase, counted in found.items()}
    return found


def as_aborted(counted: Mapping[State, int]) -> Counts:
    """The counts with everything open moved to aborted."""
    final = {state: devices for state, devices in counted.items() if state not in OPEN}
    aborted = sum(counted.values()) - sum(final.values())
    if aborted:
        final[State.ABORTED] = final.get(State.ABORTED, 0) + aborted
    return final


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
    if deployment.finished_at or not may_go_on:
        return Status.FINISHED
    opens_at = min(
        (phase.starts_at for phase in deployment.phases.all() if phase.starts_at), default=None
    )
    if opens_at is None or opens_at > (now or timezone.now()):
        return Status.SCHEDULED
    if any(devices for state, devices in counted.items() if state != State.PENDING):
        return Status.IN_PROGRESS
    return Status.PENDING
