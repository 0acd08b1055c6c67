"""Create a rollout: one transaction, its devices in their groups, refused or made as a whole."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from artifacts.completeness import is_complete
from artifacts.locking import lock_if_wanted
from artifacts.models import Release
from artifacts.reach import releases_within
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.creating import made_by, subject
from deployments.models import Deployment, Phase
from deployments.reach import ADD, VIEW_RELEASE
from deployments.rollouts.devices import devices_for_actor
from deployments.rollouts.enlisting import EVERYBODY, Slot, bounds, count_devices, enlist_in, not_in
from deployments.rollouts.plans import (
    HEAVIEST,
    GroupPlan,
    RolloutPlan,
    check,
    check_size,
    group_name,
)
from deployments.signals import DeploymentEvent, tell
from fleet.errors import Conflict, Invalid, NotFound
from fleet.languages import devices_selected
from fleet.models import Organization
from fleet.models.device import DeviceQuerySet
from fleet.permissions import require, require_somewhere
from fleet.policies import policies_of


def create_rollout(*, actor: Actor, organization: Organization, plan: RolloutPlan) -> Deployment:
    """Make the rollout and a row for each device in its group; nothing begins before its start.

    Of somebody with bounds it takes the devices within them, and it cannot go on to newcomers.
    Raises Forbidden, NotFound "release_unknown", Invalid "invalid_rollout", "text_invalid",
    "no_query", "no_devices", "groups_incomplete", "release_incomplete", "release_invalidated" or
    what reading the query raises, Conflict "rollout_exists", LimitReached "too_many_groups" or
    "group_too_large" (hawkBit: POST /rollouts).
    """
    require_somewhere(actor, ADD)
    if plan.newcomers:
        require(actor, ADD)
    check(plan)
    with transaction.atomic():
        release = release_of(actor, organization, plan.release)
        devices = devices_for_actor(actor, organization, plan.query, release)
        return make_rollout(actor, organization, plan, release, devices)


@transaction.atomic
def make_rollout(
    actor: Actor,
    organization: Organization,
    plan: RolloutPlan,
    release: Release,
    devices: DeviceQuerySet,
) -> Deployment:
    """As `create_rollout`, of a plan that was checked and devices that were found."""
    now = timezone.now()
    deployment = _insert(actor, organization, plan, release, now)
    phases = _insert_phases(deployment, plan)
    _enlist(deployment, plan, phases, devices)
    deployment.size = count_devices(deployment)
    for phase in phases:
        check_size(phase.size or 0)
    deployment.save(update_fields=["size"])
    lock_if_wanted(release, organization)
    record(actor, Action.CREATE, subject(deployment), _summary(deployment, phases))
    tell(deployment, DeploymentEvent.CREATED, now)
    return deployment


def release_of(actor: Actor, organization: Organization, number: int) -> Release:
    """The release, locked: what it is made of cannot be taken away while we commit to it."""
    if not Release.objects.of(organization).filter(number=number).select_for_update().exists():
        raise _no_release(number)
    releases = Release.objects.of(organization)
    if actor.may_somewhere(VIEW_RELEASE):
        releases = releases_within(actor, VIEW_RELEASE, organization)
    release = releases.filter(number=number).first()
    if release is None:
        raise _no_release(number)
    if release.invalidated_at is not None:
        raise Invalid("release_invalidated", f"{release} cannot be deployed any more")
    if not is_complete(release):
        raise Invalid("release_incomplete", f"{release} lacks modules that its type asks for")
    return release


def _no_release(number: int) -> NotFound:
    message = f"DistributionSet with given identifier {{{number}}} does not exist."
    return NotFound("release_unknown", message)


def _insert(
    actor: Actor, organization: Organization, plan: RolloutPlan, release: Release, now: datetime
) -> Deployment:
    asks_approval = policies_of(organization).rollout_approval_enabled
    deployment = Deployment(
        organization=organization,
        name=plan.name,
        description=plan.description,
        release=release,
        release_name=release.name,
        origin=Deployment.Origin.ROLLOUT,
        target=Deployment.Target.DEVICES,
        query=plan.query,
        newcomers=_kept(plan),
        weight=HEAVIEST if plan.weight is None else plan.weight,
        action_type=plan.action_type,
        forced_at=plan.forced_at,
        start_at=plan.start_at,
        approval=Deployment.Approval.WAITING if asks_approval else "",
        size=0,
        is_phased=True,
        force_installation=True,
        request_digest=uuid4().hex,
        created_at=now,
        modified_at=now,
        modified_by=actor.name[:512],
        **made_by(actor),
    )
    try:
        with transaction.atomic():
            deployment.save(force_insert=True)
    except IntegrityError:
        raise name_taken(plan.name) from None
    return deployment


def name_taken(name: str) -> Conflict:
    return Conflict("rollout_exists", f"There is a rollout {name} already", field="name")


def _kept(plan: RolloutPlan) -> dict[str, Any] | None:
    if plan.newcomers is None:
        return None
    suffix = plan.newcomers.name_suffix
    return {"target_count": plan.newcomers.target_count, "name_suffix": suffix}


def _insert_phases(deployment: Deployment, plan: RolloutPlan) -> list[Phase]:
    confirms = policies_of(deployment.organization).confirmation_flow_enabled
    phases = [
        _phase(deployment, piece, position, confirms=confirms)
        for position, piece in enumerate(plan.pieces())
    ]
    if plan.newcomers:
        piece = GroupPlan(
            name=group_name(len(phases) + 1) + plan.newcomers.name_suffix,
            is_confirmation_required=plan.is_confirmation_required,
            conditions=plan.conditions,
        )
        phases.append(_phase(deployment, piece, len(phases), confirms=confirms, newcomers=True))
    return Phase.objects.bulk_create(phases)


def _phase(
    deployment: Deployment,
    piece: GroupPlan,
    position: int,
    *,
    confirms: bool,
    newcomers: bool = False,
) -> Phase:
    return Phase(
        deployment=deployment,
        position=position,
        name=piece.name,
        description=piece.description,
        size=0,
        target_query=piece.query,
        target_percent=piece.percent,
        success_threshold=piece.conditions.success,
        success_action=piece.conditions.success_action,
        error_threshold=piece.conditions.error,
        is_confirmation_required=confirms and piece.is_confirmation_required is not False,
        is_for_newcomers=newcomers,
    )


def _enlist(
    deployment: Deployment, plan: RolloutPlan, phases: list[Phase], devices: DeviceQuerySet
) -> None:
    """Raises Invalid "no_devices", "groups_incomplete", LimitReached "group_too_large"."""
    total = devices.count()
    if not total and plan.newcomers is None:
        raise Invalid("no_devices", "The rollout's query selects no device", field="targets")
    fixed = [phase for phase in phases if not phase.is_for_newcomers]
    if any(group.query for group in plan.groups):
        covered = sum(_enlist_own(deployment, phase, devices) for phase in fixed)
        # What was written counts, and who has come since the count is in no group.
        is_whole = covered >= total
    else:
        is_whole = _enlist_at_once(deployment, fixed, devices, total)
    if not is_whole:
        message = "The groups do not cover all devices that the query selects"
        raise Invalid("groups_incomplete", message, field="groups")


def _enlist_at_once(
    deployment: Deployment, phases: list[Phase], devices: DeviceQuerySet, total: int
) -> bool:
    cut = bounds([phase.target_percent or 0 for phase in phases], total)
    for first, last in cut:
        check_size(last - first + 1)
    if cut[-1][1] < total:
        return False
    slots = [Slot(phase.number, *ends) for phase, ends in zip(phases, cut, strict=True)]
    # Whoever has been accepted since the count is in the last group.
    slots[-1] = slots[-1]._replace(last=EVERYBODY)
    enlist_in(deployment, devices, slots)
    return True


def _enlist_own(deployment: Deployment, phase: Phase, devices: DeviceQuerySet) -> int:
    """The share of a group that has a query of its own, of those who are in no group before."""
    if phase.target_query:
        selected = devices_selected(deployment.organization, phase.target_query)
        devices = devices.filter(number__in=selected.order_by().values("number"))
    wanted = int((phase.target_percent or 0) * devices.count() / 100 + 0.5)
    check_size(wanted)
    slot = Slot(phase.number, 1, wanted)
    return enlist_in(deployment, not_in(deployment, devices), [slot])


def _summary(deployment: Deployment, phases: list[Phase]) -> dict[str, object]:
    return {
        "release": deployment.release_name,
        "origin": deployment.origin,
        "q": deployment.query,
        "devices": deployment.size,
        "phases": len(phases),
        "type": deployment.action_type,
        "weight": deployment.weight,
        "newcomers": deployment.newcomers,
    }
