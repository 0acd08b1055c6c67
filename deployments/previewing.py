"""What a deployment would do, before it is made: set by set, no query per device."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from artifacts.compatibility import fits_device_types
from artifacts.models import Release
from deployments.creating import check, release_named, someone
from deployments.models import DeviceDeployment
from deployments.planning import Plan, Slice, cut
from deployments.targets import Ref, Targets, targets_of
from fleet.errors import DomainError
from fleet.models import Organization
from fleet.models.device import DeviceQuerySet
from fleet.states import Admission

NAMES = 5
REASONS = ("not_accepted", "unknown_type", "nothing_fits", "already_installed", "busy")


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
        phases = cut(plan.phases, someone(devices), now=timezone.now())
        release_named(Release.objects.of(organization), plan.release_name)
    except DomainError as error:
        problem, phases = error, []
    return Preview(devices, phases, left_out, problem)


def _left_out(targets: Targets, plan: Plan, release: Release | None) -> Iterator[LeftOut]:
    devices = targets.devices()
    if targets.listed is not None:
        yield from _unknown(devices, targets.listed)
    judged = devices.annotate(reason=_reason(plan, release)).exclude(reason="")
    judged = judged.annotate(misfit=Case(When(reason="nothing_fits", then="device_type")))
    groups = judged.order_by().values_list("reason", "misfit").annotate(Count("number"))
    counts = {(reason, misfit): count for reason, misfit, count in groups}
    names = _names(judged) if counts else {}
    for reason, misfit in sorted(counts, key=lambda group: (REASONS.index(group[0]), group[1])):
        group = reason, misfit
        yield LeftOut(reason, counts[group], tuple(names.get(group, ())), misfit or "")


def _reason(plan: Plan, release: Release | None) -> Case:
    """The first thing that keeps a device from getting it, "" if nothing does."""
    rules: list[tuple[str, Q | Exists]] = [
        ("not_accepted", ~Q(status=Admission.ACCEPTED) | Q(is_leaving=True)),
        ("unknown_type", Q(device_type="")),
    ]
    if release is not None:
        rules.append(("nothing_fits", ~Q(device_type__in=fits_device_types(release))))
    if not plan.force_installation:
        rules.append(("already_installed", Q(software=plan.release_name)))
    rules.append(("busy", _is_busy()))
    text = CharField()
    cases = [When(rule, then=Value(reason, text)) for reason, rule in rules]
    return Case(*cases, default=Value("", text), output_field=text)


def _names(judged: DeviceQuerySet) -> dict[tuple[str, str | None], list[str]]:
    rank = Window(RowNumber(), partition_by=["reason", "misfit"], order_by="number")
    few = judged.annotate(rank=rank).filter(rank__lte=NAMES).order_by("number")
    names: dict[tuple[str, str | None], list[str]] = {}
    for reason, misfit, name in few.values_list("reason", "misfit", "name"):
        names.setdefault((reason, misfit), []).append(name)
    return names


def _unknown(devices: DeviceQuerySet, listed: list[Ref]) -> Iterator[LeftOut]:
    known = {str(device_id) for device_id in devices.values_list("id", flat=True)}
    unknown = [given for given, text in listed if text not in known]
    if unknown:
        yield LeftOut("unknown_id", len(unknown), tuple(unknown[:NAMES]))


def _is_busy() -> Exists:
    rows = DeviceDeployment.objects.open().filter(device=OuterRef("number"))
    return Exists(rows.filter(deployment__finished_at__isnull=True))
