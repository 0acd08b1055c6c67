"""One change to many devices, with what became of each: at once, or as a job."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self
from uuid import UUID

from django.db import transaction
from django.db.models import TextChoices

from auditlog.actor import Actor
from fleet import groups
from fleet.acting_later import noted
from fleet.admission import decommission_many, set_status_of_many
from fleet.attributes import Value
from fleet.bulk.choosing import Choice
from fleet.bulk.outcomes import Outcome, each_once, outcomes_of
from fleet.errors import Invalid
from fleet.models import Organization
from fleet.permissions import require_somewhere
from fleet.reach import devices_within
from fleet.states import Admission
from fleet.tags import check_tags, set_tags_of_many
from jobs.models import Job
from jobs.queue import enqueue

CHANGE = "fleet.bulk_change"
MOST_AT_ONCE = 5_000
MOST_IDS = 50_000
BATCH = 200


class Act(TextChoices):
    ACCEPT = "accept"
    REJECT = "reject"
    DECOMMISSION = "decommission"
    SET_GROUP = "set_group"
    CLEAR_GROUP = "clear_group"
    SET_TAGS = "set_tags"


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to each device; `group` is for SET_GROUP, `tags` for SET_TAGS (None removes)."""

    act: str
    group: str = ""
    tags: Mapping[str, Value | None] = field(default_factory=dict)

    @property
    def permission(self) -> str:
        is_end = self.act == Act.DECOMMISSION
        return "fleet.delete_device" if is_end else "fleet.change_device"

    def noted(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def again(cls, kept: dict[str, Any]) -> Self:
        return cls(**kept)


def change_many(
    *,
    actor: Actor,
    organization: Organization,
    change: Change,
    choice: Choice,
    as_job: bool = False,
) -> list[Outcome] | Job:
    """Change the chosen devices and answer what became of each, or the job that will do it.

    A job is made for more than 5,000 devices or if it is asked for; it acts as the actor, with
    what they may do then. Batches of 200 are a transaction each. A device out of reach counts as
    unknown, one that is so already as done. Raises Forbidden, Invalid (field "action", "group",
    "tags", "ids" or "q").
    """
    _check(actor, change)
    within = devices_within(actor, change.permission, organization)
    ids = choice.few(within, MOST_AT_ONCE)
    if as_job or ids is None:
        return _put_off(actor, organization, change, choice)
    return [
        outcome
        for start in range(0, len(ids), BATCH)
        for outcome in act_on(actor, organization, change, ids[start : start + BATCH])
    ]


def act_on(
    actor: Actor, organization: Organization, change: Change, ids: Sequence[UUID]
) -> list[Outcome]:
    """Change these few in one transaction."""
    with transaction.atomic():
        return ACTS[Act(change.act)](actor, organization, change, ids)


def _check(actor: Actor, change: Change) -> None:
    """What can be known before any device is looked at."""
    if change.act not in Act.values:
        text = f"action: must be one of {', '.join(Act.values)}"
        raise Invalid("bulk_action_unknown", text, field="action")
    require_somewhere(actor, change.permission)
    if change.act == Act.SET_GROUP:
        groups.require_to_fill(actor, change.group)
    if change.act == Act.SET_TAGS:
        if not change.tags:
            raise Invalid("tags_missing", "tags: at least one tag is wanted", field="tags")
        check_tags(change.tags)


@transaction.atomic
def _put_off(actor: Actor, organization: Organization, change: Change, choice: Choice) -> Job:
    within = devices_within(actor, change.permission, organization)
    arguments = {
        "actor": noted(actor),
        "change": change.noted(),
        "choice": choice.noted(within),
    }
    return enqueue(CHANGE, arguments, organization_id=organization.pk, asked_by=actor.id)


def _judge(
    actor: Actor, organization: Organization, change: Change, ids: Sequence[UUID]
) -> list[Outcome]:
    status = Admission.ACCEPTED if change.act == Act.ACCEPT else Admission.REJECTED
    return set_status_of_many(actor=actor, organization=organization, devices=ids, status=status)


def _decommission(
    actor: Actor, organization: Organization, _change: Change, ids: Sequence[UUID]
) -> list[Outcome]:
    return decommission_many(actor=actor, organization=organization, devices=ids)


def _regroup(
    actor: Actor, organization: Organization, change: Change, ids: Sequence[UUID]
) -> list[Outcome]:
    within = devices_within(actor, groups.CHANGE, organization).filter(id__in=ids)
    known = dict.fromkeys(within.values_list("id", flat=True), "")
    if change.act == Act.SET_GROUP:
        groups.assign(actor=actor, organization=organization, devices=known, name=change.group)
    else:
        groups.clear(actor=actor, organization=organization, devices=known)
    return outcomes_of(each_once(ids), known)


def _tag(
    actor: Actor, organization: Organization, change: Change, ids: Sequence[UUID]
) -> list[Outcome]:
    return set_tags_of_many(actor=actor, organization=organization, devices=ids, tags=change.tags)


ACTS: dict[Act, Callable[[Actor, Organization, Change, Sequence[UUID]], list[Outcome]]] = {
    Act.ACCEPT: _judge,
    Act.REJECT: _judge,
    Act.DECOMMISSION: _decommission,
    Act.SET_GROUP: _regroup,
    Act.CLEAR_GROUP: _regroup,
    Act.SET_TAGS: _tag,
}
