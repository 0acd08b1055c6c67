"""Assign releases to devices, one by one or thousands at a time (hawkBit: assignment).

An assignment is a deployment without a plan: it is for its devices at once, and takes back what
they were to install until then.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from artifacts import reach as release_reach
from artifacts.completeness import is_complete, with_parts
from artifacts.locking import lock_if_wanted
from artifacts.models import Release, ReleaseType
from auditlog.actor import Actor
from deployments.assignments import Options, write
from deployments.deleting import make_room
from deployments.models import DeviceDeployment
from deployments.reach import ADD, VIEW_RELEASE
from deployments.standing import ASSIGNED, STANDING, Standing
from fleet import reach
from fleet.errors import Conflict, Invalid, LimitReached, NotFound
from fleet.models import Device, Organization
from fleet.policies import policies_of

MOST_AT_ONCE = 5000
MOST_ACTIONS = 2000
HEAVIEST = 1000


class Wish(NamedTuple):
    """This release, by its number, to this device."""

    device: Device
    release: int
    options: Options = Options()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The parts of devices that were made, and how many devices had what they were to get."""

    rows: list[DeviceDeployment] = field(default_factory=list)
    already_assigned: int = 0


def assign(
    *,
    actor: Actor,
    organization: Organization,
    wishes: Sequence[Wish],
    offline: bool = False,
) -> Assignment:
    """Assign all that is wished for, or nothing; what is wished for twice counts once.

    A device to which the release is assigned already is passed over. With `offline` the devices
    have installed it without our doing: their parts are over at once, and devices that have
    something to do are passed over as well.

    Raises Forbidden, NotFound "release_not_found", Invalid "invalid_weight", "weight_required",
    "multi_assignment_disabled", LimitReached "assignment_limit", "action_limit", and Conflict
    "release_incomplete", "release_invalidated", "incompatible_target_type".
    """
    wished = list({(wish.device.number, *wish[1:]): wish for wish in wishes}.values())
    _check(organization, wished)
    _require(actor, wished)
    return _assign(actor, organization, wished, offline=offline)


def report_installed(*, actor: Actor, device: Device, release: Release) -> bool:
    """The device has installed the release without our doing; False if it has it assigned.

    Raises what `assign` does, but asks for no permission.
    """
    wish = Wish(device, release.number)
    return bool(_assign(actor, device.organization, [wish], offline=True).rows)


def _check(organization: Organization, wished: Sequence[Wish]) -> None:
    if len(wished) > MOST_AT_ONCE:
        raise LimitReached("assignment_limit", f"At most {MOST_AT_ONCE} assignments at once")
    for weight in {wish.options.weight for wish in wished} - {None}:
        if weight is not None and not 0 <= weight <= HEAVIEST:
            raise Invalid("invalid_weight", f"A weight is 0 to {HEAVIEST}", field="weight")
    if policies_of(organization).multi_assignment_enabled:
        if any(wish.options.weight is None for wish in wished):
            message = "With multiple assignments each has a weight"
            raise Invalid("weight_required", message, field="weight")
    elif len({wish.device.number for wish in wished}) < len(wished):
        message = "Several assignments to one device are not enabled"
        raise Invalid("multi_assignment_disabled", message)


def _require(actor: Actor, wished: Sequence[Wish]) -> None:
    for wish in wished:
        reach.require_for(actor, ADD, wish.device)
    if not actor.may(VIEW_RELEASE) and actor.may_somewhere(VIEW_RELEASE):
        for number in {wish.release for wish in wished}:
            release_reach.require_for(actor, VIEW_RELEASE, number)


@transaction.atomic
def _assign(
    actor: Actor, organization: Organization, wished: Sequence[Wish], *, offline: bool
) -> Assignment:
    releases = held_releases(organization, {wish.release for wish in wished})
    devices = _held_devices(organization, {wish.device.number for wish in wished})
    present = [wish for wish in wished if wish.device.number in devices]
    _check_types(present, releases, devices)
    wanted = [
        wish
        for wish in present
        if _is_wanted(devices[wish.device.number], wish, organization, offline=offline)
    ]
    _check_room(organization, wanted)
    now = timezone.now()
    groups: defaultdict[tuple[int, Options], list[Device]] = defaultdict(list)
    for wish in wanted:
        groups[wish.release, wish.options].append(devices[wish.device.number])
    rows = []
    for (number, options), its_devices in groups.items():
        release = releases[number]
        lock_if_wanted(release, organization)
        rows += write(actor, release, its_devices, options, now, offline=offline)
    return Assignment(rows, len(present) - len(wanted))


def held_releases(organization: Organization, numbers: set[int]) -> dict[int, Release]:
    """Held, so that nobody changes or invalidates them meanwhile."""
    rows = Release.objects.of(organization).filter(number__in=numbers)
    list(rows.select_for_update(no_key=True).order_by("number").values_list("number"))
    releases = {release.number: release for release in with_parts(rows)}
    for number in numbers:
        if number not in releases:
            raise NotFound("release_not_found", f"There is no release {number}")
        _check_release(releases[number])
    return releases


def _check_release(release: Release) -> None:
    if release.invalidated_at is not None:
        message = f"Distribution set {release.name} is invalid"
        raise Conflict("release_invalidated", message)
    if not is_complete(release):
        message = f"Distribution set {release.name} is incomplete"
        raise Conflict("release_incomplete", message)


def _held_devices(organization: Organization, numbers: set[int]) -> dict[int, Device]:
    """Held in the order of their numbers, then read with what they have: `assigned`, `standing`."""
    rows = Device.objects.of(organization).filter(number__in=numbers, is_leaving=False)
    list(rows.select_for_update(no_key=True).order_by("number").values_list("number"))
    known = rows.annotate(assigned=ASSIGNED, standing=STANDING)
    return {device.number: device for device in known}


def _is_wanted(device: Device, wish: Wish, organization: Organization, *, offline: bool) -> bool:
    """By what `_held_devices` has read of the device."""
    facts = device.__dict__
    if offline and facts["standing"] == Standing.PENDING:
        return False
    is_online_and_many = not offline and policies_of(organization).multi_assignment_enabled
    return is_online_and_many or facts["assigned"] != wish.release


def _check_types(
    wishes: Sequence[Wish], releases: dict[int, Release], devices: dict[int, Device]
) -> None:
    """A device of a declared type takes certain types of releases only."""
    taken: defaultdict[int | None, set[int | None]] = defaultdict(set)
    pairs = ReleaseType.target_types.through.objects.filter(
        targettype__in={device.target_type_id for device in devices.values()} - {None}
    )
    for target_type, release_type in pairs.values_list("targettype", "releasetype"):
        taken[target_type].add(release_type)
    for wish in wishes:
        device, release = devices[wish.device.number], releases[wish.release]
        if device.target_type_id and release.type_id not in taken[device.target_type_id]:
            message = f"Target {device.controller_id} takes no distribution sets of that type"
            raise Conflict("incompatible_target_type", message)


def _check_room(organization: Organization, wishes: Sequence[Wish]) -> None:
    more: defaultdict[int, int] = defaultdict(int)
    for wish in wishes:
        more[wish.device.number] += 1
    parts = DeviceDeployment.objects.filter(device__in=list(more), deleted_at__isnull=True)
    counted = parts.order_by().values("device").annotate(count=Count("number"))
    full = counted.filter(count__gt=MOST_ACTIONS - max(more.values(), default=0))
    for device, count in full.values_list("device", "count"):
        missing = count + more[device] - MOST_ACTIONS
        if missing > 0 and make_room(device, _cleaned_up(organization)) < missing:
            raise LimitReached("action_limit", f"At most {MOST_ACTIONS} actions of one target")


def _cleaned_up(organization: Organization) -> int:
    """How many of a target's old actions make room for new ones."""
    percent = policies_of(organization).cleanup_percent
    return MOST_ACTIONS * percent // 100 + 1 if percent else 0
