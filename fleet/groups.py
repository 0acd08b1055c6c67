"""Static groups: a device is in one or in none, and a group exists while it has members."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record_many
from fleet.errors import Invalid
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet
from fleet.permissions import require
from fleet.reach import devices_within

NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
BATCH = 500
CHANGE = "fleet.change_device"
RULE = (
    "group name can only contain: upper/lowercase alphanum, -(dash), _(underscore), "
    "and has 1 to 256 characters"
)


def one_of_each(devices: DeviceQuerySet) -> DeviceQuerySet:
    """Of each group that these devices are in the first one, which stands for it."""
    grouped = devices.exclude(group="").order_by().values("group")
    return Device.objects.filter(number__in=grouped.annotate(first=Min("number")).values("first"))


@transaction.atomic
def assign(
    *, actor: Actor, organization: Organization, devices: Iterable[UUID], name: str
) -> tuple[int, int]:
    """Put devices into a group, out of the one they were in.

    Answers how many of them exist and how many have moved. Who may change only the devices of
    some groups moves them between these. Raises Invalid("group_invalid").
    Source: Mender API, Device inventory, groups.
    """
    require_to_fill(actor, name)
    return _move(actor, organization, devices, name)


@transaction.atomic
def clear(
    *, actor: Actor, organization: Organization, devices: Iterable[UUID], name: str = ""
) -> tuple[int, int]:
    """Take devices out of their group; with `name`, only those in that one.

    Answers how many of them exist (and are in it) and how many have left.
    """
    return _move(actor, organization, devices, "", left=name)


@transaction.atomic
def fill(
    *, actor: Actor, organization: Organization, devices: Iterable[UUID], name: str
) -> tuple[int, int]:
    """Make these devices the group: all others leave it. Answers and raises as `assign`."""
    require_to_fill(actor, name)
    wanted = set(devices)
    members = devices_within(actor, CHANGE, organization).in_group(name)
    ids = set(members.values_list("id", flat=True))
    clear(actor=actor, organization=organization, devices=ids - wanted, name=name)
    return assign(actor=actor, organization=organization, devices=wanted, name=name)


@transaction.atomic
def dissolve(*, actor: Actor, organization: Organization, name: str) -> int:
    """Take all devices out of a group, which is its end; answers how many there were."""
    members = devices_within(actor, CHANGE, organization).in_group(name)
    ids = list(members.values_list("id", flat=True)) if name else []
    return clear(actor=actor, organization=organization, devices=ids, name=name)[1]


def require_to_fill(actor: Actor, name: str) -> None:
    """Raise Invalid("group_invalid"), or Forbidden if the actor puts nothing into that group."""
    if not NAME.fullmatch(name):
        raise Invalid("group_invalid", RULE, field="group")
    if name not in actor.scoped.get(CHANGE, ()):
        require(actor, CHANGE)


def _move(
    actor: Actor,
    organization: Organization,
    devices: Iterable[UUID],
    name: str,
    *,
    left: str = "",
) -> tuple[int, int]:
    matched = moved = 0
    reached = devices_within(actor, CHANGE, organization)
    numbers = _numbers(reached, list(set(devices)))
    for start in range(0, len(numbers), BATCH):
        # Somebody may have moved one out of reach meanwhile.
        rows = reached.filter(pk__in=numbers[start : start + BATCH])
        rows = rows.in_group(left) if left else rows
        known = list(rows.order_by("pk").select_for_update(no_key=True))
        movers = [device for device in known if device.group != name]
        Device.objects.filter(pk__in=[device.pk for device in movers]).update(
            group=name, updated_at=timezone.now(), updated_by=actor.name[:512]
        )
        subjects = [Subject("device", device.id, device.name) for device in movers]
        record_many(actor, Action.UPDATE, subjects, {"group": name})
        matched, moved = matched + len(known), moved + len(movers)
    return matched, moved


def _numbers(devices: DeviceQuerySet, ids: list[UUID]) -> list[int]:
    """In order: two who move the same devices lock them one after the other."""
    rows = devices.values_list("pk", flat=True)
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return sorted(number for batch in batches for number in rows.filter(id__in=batch))
