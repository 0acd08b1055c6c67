"""Whoever comes to match a saved filter gets a release by itself (hawkBit: auto assignment).

It is a dynamic deployment of its own kind, so long as the filter assigns that release in that way;
then nobody comes to it any more, and who is in it goes on.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from artifacts import reach as release_reach
from artifacts.locking import lock_if_wanted
from artifacts.models import Release
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.assigning import HEAVIEST, held_releases
from deployments.assignments import USUAL_WEIGHT
from deployments.auto_assigned import assign_batch, in_force, matching
from deployments.creating import made_by
from deployments.finishing import close_after_commit
from deployments.models import AutoAssignment, Deployment, DeploymentQuerySet, Phase
from deployments.places import hold_places
from deployments.reach import ADD, VIEW_RELEASE
from deployments.signals import DeploymentEvent, tell
from fleet.conditions import kept_of
from fleet.errors import Invalid, LimitReached, NotFound
from fleet.models import Device, SavedFilter
from fleet.permissions import require
from fleet.policies import policies_of
from jobs.models import Job
from jobs.queue import enqueue

ASSIGN = "deployments.auto_assign"
MOST_DEVICES = 20_000
ActionType = Deployment.ActionType


@dataclass(frozen=True, slots=True)
class Terms:
    """How it is assigned; where devices confirm, `is_confirmation_required` False does without."""

    action_type: Deployment.ActionType = ActionType.FORCED
    weight: int | None = None
    is_confirmation_required: bool | None = None


def set_auto_assignment(
    *, actor: Actor, saved: SavedFilter, release: int, terms: Terms = Terms()
) -> Deployment:
    """From now on the filter assigns the release of this number, and no other.

    Raises Forbidden, Invalid "auto_assignment_timeforced", "invalid_weight", "weight_required",
    NotFound "filter_not_found", "release_not_found", Conflict "release_incomplete",
    "release_invalidated", and LimitReached "auto_assignment_limit" for a filter that takes too
    many devices.
    """
    require(actor, ADD)
    organization = saved.organization
    _check(terms, is_weighed=policies_of(organization).multi_assignment_enabled)
    with transaction.atomic():
        found = held_releases(organization, {release})[release]
        if not actor.may(VIEW_RELEASE) and actor.may_somewhere(VIEW_RELEASE):
            release_reach.require_for(actor, VIEW_RELEASE, found.number)
        if not _hold(saved):
            raise NotFound("filter_not_found", "filter not found")
        # Whoever changed it while we waited is heeded.
        saved.refresh_from_db()
        now = timezone.now()
        _close(AutoAssignment.objects.filter(saved_filter=saved), now)
        deployment = _deployment(actor, saved, found, terms, now)
        _check_size(deployment)
        lock_if_wanted(found, organization)
        AutoAssignment.objects.create(saved_filter=saved, deployment=deployment)
        change = {"release": found.name, "action_type": terms.action_type.value}
        record(actor, Action.UPDATE, _subject(saved), {"auto_assignment": change})
        tell(deployment, DeploymentEvent.CREATED, now)
        assign_soon(deployment)
    return deployment


def end_auto_assignment(*, actor: Actor, saved: SavedFilter) -> None:
    """The filter assigns nothing any more; without effect where it did not. Raises Forbidden."""
    require(actor, ADD)
    with transaction.atomic():
        _hold(saved)
        if _close(AutoAssignment.objects.filter(saved_filter=saved), timezone.now()):
            record(actor, Action.UPDATE, _subject(saved), {"auto_assignment": None})


def auto_assignment_of(saved: SavedFilter) -> Deployment | None:
    """What the filter assigns by now, if anything."""
    rows = AutoAssignment.objects.filter(saved_filter=saved, deployment__in=in_place())
    found = rows.select_related("deployment__release").first()
    return found.deployment if found else None


def in_place() -> DeploymentQuerySet:
    """Those that are neither over nor closed, paused or not."""
    return Deployment.objects.active().filter(
        origin=Deployment.Origin.AUTO_ASSIGNMENT, joining_closed_at__isnull=True
    )


def follow_filter(saved: SavedFilter) -> None:
    """What the filter assigns goes to whoever matches it as it is now. In a transaction.

    Raises LimitReached "auto_assignment_limit", which undoes the change.
    """
    deployment = auto_assignment_of(saved)
    if deployment is not None:
        deployment.filter = kept_of(saved)
        _check_size(deployment)
        deployment.save(update_fields=["filter"])
        assign_soon(deployment)


def end_with_filter(saved: SavedFilter) -> None:
    """The filter is about to go. In a transaction."""
    _hold(saved)
    _close(AutoAssignment.objects.filter(saved_filter=saved), timezone.now())


def assign_to(devices: Sequence[Device]) -> None:
    """Give these devices of one organization, which have just come, what they match."""
    numbers = [device.number for device in devices]
    for deployment in list(in_force().filter(organization=devices[0].organization_id)):
        _assign(deployment.number, among=numbers)


def assign_all() -> int:
    """Give all who match by now what they match; returns to how many automatic assignments."""
    numbers = list(in_force().values_list("number", flat=True))
    for number in numbers:
        _assign(number)
    return len(numbers)


def assign_soon(deployment: Deployment) -> None:
    arguments = {"deployment": deployment.number}
    enqueue(ASSIGN, arguments, organization_id=deployment.organization_id)


def carry_out(job: Job) -> None:
    """Do a job of kind ASSIGN; begun again, it goes on with those who have yet to get it."""
    _assign(job.arguments["deployment"])


def _assign(number: int, among: Sequence[int] | None = None) -> None:
    after: int | None = 0
    while after is not None:
        after = assign_batch(number, after=after, among=among)


def _check(terms: Terms, *, is_weighed: bool) -> None:
    if terms.action_type is ActionType.TIMEFORCED:
        message = "An automatic assignment is forced, soft or downloadonly"
        raise Invalid("auto_assignment_timeforced", message, field="type")
    if terms.weight is None:
        if is_weighed:
            message = "With multiple assignments each has a weight"
            raise Invalid("weight_required", message, field="weight")
    elif not 0 <= terms.weight <= HEAVIEST:
        raise Invalid("invalid_weight", f"A weight is 0 to {HEAVIEST}", field="weight")


def _check_size(deployment: Deployment) -> None:
    """By then nobody could have got it: what is raised undoes all."""
    few = matching(deployment).order_by()[: MOST_DEVICES + 1]
    if few.count() > MOST_DEVICES:
        message = f"A filter that assigns by itself takes at most {MOST_DEVICES} devices at first"
        raise LimitReached("auto_assignment_limit", message, field="query")


def _deployment(
    actor: Actor, saved: SavedFilter, release: Release, terms: Terms, now: datetime
) -> Deployment:
    deployment = Deployment.objects.create(
        organization=saved.organization,
        name=f"{saved.name}: {release.name}"[:256],
        release=release,
        release_name=release.name,
        origin=Deployment.Origin.AUTO_ASSIGNMENT,
        weight=USUAL_WEIGHT if terms.weight is None else terms.weight,
        action_type=terms.action_type,
        target=Deployment.Target.FILTER,
        filter=kept_of(saved),
        size=0,
        force_installation=True,
        request_digest=uuid.uuid4().hex,
        created_at=now,
        **made_by(actor),
    )
    is_asked_for = policies_of(saved.organization).confirmation_flow_enabled
    Phase.objects.create(
        deployment=deployment,
        position=0,
        starts_at=now,
        is_confirmation_required=is_asked_for and terms.is_confirmation_required is not False,
    )
    return deployment


def _close(rows: "Iterable[AutoAssignment]", now: datetime) -> int:
    """Nobody comes to them any more; returns how many there were."""
    numbers = [row.deployment_id for row in rows]
    for number in numbers:
        hold_places(number)
        Deployment.objects.filter(number=number).update(joining_closed_at=now)
        close_after_commit(number)
    AutoAssignment.objects.filter(deployment__in=numbers).delete()
    return len(numbers)


def _hold(saved: SavedFilter) -> bool:
    """Two who change what it assigns come one after the other; False if it is gone."""
    return SavedFilter.objects.select_for_update(no_key=True).filter(pk=saved.pk).exists()


def _subject(saved: SavedFilter) -> Subject:
    return Subject("saved_filter", saved.id, saved.name)
