"""Static groups: a device is in one or in none, and a group exists while it has members."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record_many
from fleet.errors import Invalid
from fleet.models import Device, Organization
from fleet.permissions import require

NAME = re.compile(r"[A-Za-z0-9_-]{1,256}")
BATCH = 500
RULE = (
    "group name can only contain: upper/lowercase alphanum, -(dash), _(underscore), "
    "and has 1 to 256 characters"
)


@transaction.atomic
def assign(
    *, actor: Actor, organization: Organization, devices: Iterable[UUID], name: str
) -> tuple[int, int]:
    """Put devices into a group, out of the one they were in.

    Answers how many of them exist and how many have moved. Raises Invalid("group_invalid").
    Source: Mender API, Device inventory, groups.
    """
    require(actor, "fleet.change_device")
    if not NAME.fullmatch(name):
        raise Invalid("group_invalid", RULE, field="group")
    return _move(actor, organization, devices, name)


@transaction.atomic
def clear(
    *, actor: Actor, organization: Organization, devices: Iterable[UUID], name: str = ""
) -> tuple[int, int]:
    """Take devices out of their group; with `name`, only those in that one.

    Answers how many of them exist (and are in it) and how many have left.
    """
    require(actor, "fleet.change_device")
    return _move(actor, organization, devices, "", left=name)


def _move(
    actor: Actor,
    organization: Organization,
    devices: Iterable[UUID],
    name: str,
    *,
    left: str = "",
) -> tuple[int, int]:
    matched = moved = 0
    numbers = _numbers(organization, list(set(devices)))
    for start in range(0, len(numbers), BATCH):
        rows = Device.objects.filter(pk__in=numbers[start : start + BATCH])
        rows = rows.in_group(left) if left else rows
        known = list(rows.order_by("pk").select_for_update(no_key=True))
        movers = [device for device in known if device.group != name]
        Device.objects.filter(pk__in=[device.pk for device in movers]).update(
            group=name, updated_at=timezone.now()
        )
        subjects = [Subject("device", device.id, device.name) for device in movers]
        record_many(actor, Action.UPDATE, subjects, {"group": name})
        matched, moved = matched + len(known), moved + len(movers)
    return matched, moved


def _numbers(organization: Organization, ids: list[UUID]) -> list[int]:
    """In order: two who move the same devices lock them one after the other."""
    rows = Device.objects.of(organization).values_list("pk", flat=True)
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return sorted(number for batch in batches for number in rows.filter(id__in=batch))
