"""What a deployment would do, before it is made: set by set, no query per device."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from artifacts.compatibility import fits_device_types
from artifacts.models import Release
from deployments.creating import check, release_named, size_of
from deployments.models import DeviceDeployment
from deployments.planning import Plan, Slice, cut_plan
from deployments.speaking import names_itself
from deployments.targets import Ref, Targets, targets_of
from fleet.errors import DomainError
from fleet.models import Organization
from fleet.models.device import DeviceQuerySet
from fleet.states import Admission

NAMES = 5


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Devices that would not get it, or not at once, for one reason; a few of their names.

    `reason` is "not_accepted", "unknown_id", "unknown_type", "nothing_fits" (once for each
    `device_type`), "already_installed" or "busy" (another deployment comes first).
    """

    reason: str
    devices: int
    names: tuple[str, ...]
    device_type: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """`devices` would be enlisted, in `phases`; `problem` is what `create_deployment` would
    raise, and then there are no phases."""

    devices: int
    phases: list[Slice]
    left_out: list[LeftOut]
    problem: DomainError | None = None


def preview(*, organization: Organization, plan: Plan) -> Preview:
    """Say who would get it, in which phase, and who would not and why. Writes nothing."""
    devices, phases, problem = 0, list[Slice](), None
    left_out: list[LeftOut] = []
    release: Release | None = None
    try:
        targets = targets_of(organization, plan)
        devices = targets.count()
        release = Release.objects.of(organization).filter(name=plan.release_name).first()
        left_out = [*_left_out(targets, plan, release)] if devices else []
        check(plan)
        phases = cut_plan(plan, size_of(targets), now=timezone.now())
        release_named(Release.objects.of(organization), plan.release_name)
    except DomainError as error:
        problem, phases = error, []
    return Preview(devices, phases, left_out, problem)


def _left_out(targets: Targets, plan: Plan, release: Release | None) -> Iterator[LeftOut]:
    devices = targets.devices()
    if targets.listed is not None:
        yield from _unknown(devices, targets.listed)
    yield from _some("not_accepted", devices.exclude(status=Admission.ACCEPTED, is_leaving=False))
    accepted, fits = devices.accepted(), _fits(release)
    yield from _some("unknown_type", accepted.filter(~fits, device_type=""))
    yield from _misfits(accepted.filter(~fits).exclude(device_type=""))
    fitting = accepted.filter(fits)
    if not plan.force_installation:
        yield from _some("already_installed", fitting.filter(software=plan.release_name))
        fitting = fitting.exclude(software=plan.release_name)
    yield from _some("busy", fitting.filter(_is_busy()))


def _fits(release: Release | None) -> Q:
    """What is so of a device that the release has something for.

    Modules that are no Mender artifact are for whoever speaks hawkBit's language, of any type.
    """
    if release is None:
        return ~Q(device_type="")
    if not release.artifacts.exists():
        return names_itself()
    return Q(device_type__in=fits_device_types(release))


def _some(reason: str, devices: DeviceQuerySet) -> Iterator[LeftOut]:
    if count := devices.count():
        names = devices.order_by("number").values_list("name", flat=True)[:NAMES]
        yield LeftOut(reason, count, tuple(names))


def _misfits(devices: DeviceQuerySet) -> Iterator[LeftOut]:
    grouped = devices.order_by("device_type").values_list("device_type").annotate(Count("number"))
    counts = dict(grouped)
    rank = Window(RowNumber(), partition_by="device_type", order_by="number")
    few = devices.annotate(rank=rank).filter(rank__lte=NAMES).order_by("number")
    names: dict[str, list[str]] = {}
    for device_type, name in few.values_list("device_type", "name") if counts else ():
        names.setdefault(device_type, []).append(name)
    for device_type, count in counts.items():
        yield LeftOut("nothing_fits", count, tuple(names.get(device_type, ())), device_type)


def _unknown(devices: DeviceQuerySet, listed: list[Ref]) -> Iterator[LeftOut]:
    known = {str(device_id) for device_id in devices.values_list("id", flat=True)}
    unknown = [given for given, text in listed if text not in known]
    if unknown:
        yield LeftOut("unknown_id", len(unknown), tuple(unknown[:NAMES]))


def _is_busy() -> Exists:
    rows = DeviceDeployment.objects.open().filter(device=OuterRef("number"))
    return Exists(rows.filter(deployment__finished_at__isnull=True))
