"""Tags of the catalogue on devices: put on many, taken off many, renamed, deleted.

Renaming and deleting change all devices that have the tag, batch by batch: the first at once, more
of them by a job.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from auditlog.actor import Actor, system
from fleet.errors import Conflict, Invalid, NotFound
from fleet.filters import filter_of
from fleet.models import Device, Inventory, Organization, Tag
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within
from fleet.tag_catalogue import NewTag, change_tag, declare_tags, forget_tag
from fleet.tags import MOST_TAGS, PERMISSION, TAGS, save_many, set_tags_of_many
from jobs.lease import save_progress
from jobs.models import Job
from jobs.queue import enqueue
from query.tree import Exists

RETAG = "fleet.retag"
BATCH = 500
AT_ONCE = 4 * BATCH


def tagged(devices: DeviceQuerySet, name: str) -> DeviceQuerySet:
    """Those that have the tag, with whatever value."""
    return devices.filter(filter_of(Exists((TAGS, name))))


@transaction.atomic
def declare_device_tags(
    *, actor: Actor, organization: Organization, tags: list[NewTag]
) -> list[Tag]:
    """As `declare_tags`, and raises Conflict("tag_leaving") for one being taken off devices."""
    leaving = Job.objects.of(organization.pk).filter(
        kind=RETAG, finished_at=None, arguments__old__in=[tag.name for tag in tags]
    )
    if leaving.exists():
        raise Conflict("tag_leaving", "The tag of this name is still being taken off devices.")
    return declare_tags(actor=actor, organization=organization, kind=Tag.Kind.DEVICE, tags=tags)


@transaction.atomic
def tag_devices(
    *, actor: Actor, organization: Organization, tag: Tag, devices: Iterable[UUID], is_on: bool
) -> None:
    """Put the tag on the devices, or take it off; one that has it keeps its value.

    Raises NotFound("device_not_found") for one out of reach, Invalid("too_many_tags") for one that
    would have more than 20: then none has changed.
    """
    wanted = list(dict.fromkeys(devices))
    for start in range(0, len(wanted), BATCH):
        ids = wanted[start : start + BATCH]
        known = devices_within(actor, PERMISSION, organization).filter(id__in=ids)
        if known.count() < len(ids):
            raise NotFound("device_not_found", "device not found")
        having = set(tagged(known, tag.name).values_list("id", flat=True))
        outcomes = set_tags_of_many(
            actor=actor,
            organization=organization,
            devices=[id_ for id_ in ids if (id_ in having) is not is_on],
            tags={tag.name: "" if is_on else None},
        )
        if any(outcome.code == "too_many_tags" for outcome in outcomes):
            text = f"a device has at most {MOST_TAGS} tags"
            raise Invalid("too_many_tags", text, field=TAGS)


@transaction.atomic
def change_device_tag(*, actor: Actor, tag: Tag, change: dict[str, str]) -> Tag:
    """Change what is given of name, description and colour; devices keep its value.

    Raises as `change_tag`, and Conflict("tag_leaving").
    """
    before = Tag.objects.filter(pk=tag.pk).values_list("name", flat=True).first()
    row = change_tag(actor, tag, change)
    if before is not None and row.name != before:
        _retag(actor, row.organization_id, before, row.name)
    return row


@transaction.atomic
def delete_device_tag(*, actor: Actor, tag: Tag) -> None:
    """Take it off all devices and forget it. Raises NotFound("tag_not_found")."""
    row = forget_tag(actor, tag)
    _retag(actor, row.organization_id, row.name, "")


def run(job: Job) -> None:
    """Go on with the devices behind those that are done."""
    kept = job.arguments
    after: int | None = (job.result or {}).get("after", kept["after"])
    while after is not None:
        with transaction.atomic():
            after = retag_batch(job.organization_id, kept["old"], kept["new"], after, kept["last"])
            if after is not None:
                share = (after - kept["after"]) / max(kept["last"] - kept["after"], 1)
                save_progress(job, min(99, int(100 * share)), {"after": after})


def retag_batch(
    organization_id: UUID | None, old: str, new: str, after: int, last: int
) -> int | None:
    """Give up to BATCH devices the tag `new` ("" for none) in the place of `old`.

    Those with numbers above `after`, up to `last`; answers where to go on, None at the end.
    """
    rows = Device.objects.filter(organization=organization_id, number__gt=after, number__lte=last)
    having = tagged(rows, old).order_by("number")
    found = list(having.select_for_update(no_key=True, of=("self",))[:BATCH])
    inventories = Inventory.objects.in_bulk([device.pk for device in found])
    changed = []
    for device in found:
        row = inventories.get(device.pk)
        if row is not None and old in row.attributes.get(TAGS, {}):
            _replace(row.attributes[TAGS], old, new)
            _replace(row.descriptions.get(TAGS, {}), old, new)
            changed.append((device, row))
    save_many(system(organization_id), changed)
    return found[-1].pk if len(found) == BATCH else None


def _replace(values: dict[str, Any], old: str, new: str) -> None:
    value = values.pop(old, None)
    if new and value is not None:
        values.setdefault(new, value)


def _retag(actor: Actor, organization_id: UUID, old: str, new: str) -> None:
    having = tagged(Device.objects.of(organization_id), old)
    last = having.order_by("-number").values_list("number", flat=True).first()
    after: int | None = 0 if last else None
    for _ in range(AT_ONCE // BATCH):
        if after is None or last is None:
            return
        after = retag_batch(organization_id, old, new, after, last)
    if after is not None:
        arguments = {"old": old, "new": new, "after": after, "last": last}
        enqueue(RETAG, arguments, organization_id=organization_id, asked_by=actor.id)
