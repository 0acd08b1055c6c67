"""How far deployments are: counted when read, never kept in a counter a whole fleet writes to."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment
from deployments.states import OPEN, State, Status

Counts = dict[State, int]


def counts(deployment_numbers: Iterable[int]) -> dict[int, Counts]:
    """Devices by state for each deployment; states without devices are left out.

    What is open in an aborted deployment counts as aborted, tidied or not.
    """
    numbers = set(deployment_numbers)
    found: dict[int, Counts] = {number: {} for number in numbers}
    rows = DeviceDeployment.objects.filter(deployment__in=numbers).order_by()
    grouped = rows.values_list("deployment", "state").annotate(devices=Count("*"))
    for number, state, devices in grouped:
        found[number][State(state)] = devices
    aborted = Deployment.objects.filter(number__in=numbers, aborted_at__isnull=False)
    for number in aborted.values_list("number", flat=True):
        found[number] = as_aborted(found[number])
    return found


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
    """The status that rows and clock make; reads `phases`, so prefetch them for many.

    Scheduled until the first phase opens, pending until a device has reported or been refused,
    in progress until nothing is open (Mender API, Deployment: status).
    """
    if deployment.aborted_at:
        return Status.ABORTED
    if deployment.finished_at or not any(counted.get(state) for state in OPEN):
        return Status.FINISHED
    opens_at = min((phase.starts_at for phase in deployment.phases.all()), default=None)
    if opens_at is None or opens_at > (now or timezone.now()):
        return Status.SCHEDULED
    if any(devices for state, devices in counted.items() if state != State.PENDING):
        return Status.IN_PROGRESS
    return Status.PENDING
