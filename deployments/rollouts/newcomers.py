"""Devices that come to match the query of a dynamic rollout: they join its last group, in turn.

Each group takes so many, and the next one is made once it is full and has succeeded. Who is in the
rollout already, in whatever group, is not taken again.
"""

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.places import hold_places
from deployments.rollouts.devices import devices_for
from deployments.rollouts.enlisting import Slot, enlist_in, not_in
from deployments.rollouts.opening import take_over
from deployments.rollouts.plans import group_name
from fleet.errors import Invalid


def fill_newcomers() -> int:
    """Bring newcomers into every dynamic rollout under way; returns how many came."""
    rollouts = Deployment.objects.admitting().filter(
        origin=Deployment.Origin.ROLLOUT, newcomers__isnull=False
    )
    return sum(_fill(number) for number in list(rollouts.values_list("number", flat=True)))


def next_group(deployment: Deployment) -> Phase:
    """A further group for newcomers, with the conditions of the one before."""
    last = deployment.phases.order_by("-position")[0]
    newcomers = deployment.newcomers or {}
    return Phase.objects.create(
        deployment=deployment,
        position=last.position + 1,
        name=group_name(last.position + 2) + newcomers.get("name_suffix", ""),
        size=0,
        target_percent=last.target_percent,
        success_threshold=last.success_threshold,
        success_action=last.success_action,
        error_threshold=last.error_threshold,
        is_confirmation_required=last.is_confirmation_required,
        is_for_newcomers=True,
    )


@transaction.atomic
def _fill(number: int) -> int:
    hold_places(number)
    deployment = Deployment.objects.admitting().filter(number=number)
    rollout = deployment.select_related("organization", "release").first()
    group = _open_group(number)
    if rollout is None or group is None:
        return 0
    release = rollout.release
    if release is None or release.invalidated_at is not None or release.deleted_at is not None:
        return 0
    return _take_in(rollout, release, group)


def _open_group(number: int) -> Phase | None:
    """The group that newcomers come to now, which is the last one."""
    last = Phase.objects.filter(deployment=number).order_by("-position").first()
    is_open = last is not None and last.is_for_newcomers and last.starts_at is not None
    return last if is_open else None


def _take_in(rollout: Deployment, release: Release, group: Phase) -> int:
    room = (rollout.newcomers or {})["target_count"] - (group.size or 0)
    try:
        devices = devices_for(rollout.organization, rollout.query, release)
    except Invalid:  # written when there were other fields: nobody comes to match it any more
        return 0
    if room < 1 or not (fresh := not_in(rollout, devices)).exists():
        return 0
    rows = DeviceDeployment.objects.filter(deployment=rollout)
    before = rows.aggregate(last=Max("number"))["last"] or 0
    came = enlist_in(rollout, fresh, [Slot(group.number, 1, room)], at=timezone.now())
    Phase.objects.filter(number=group.number).update(size=F("size") + came)
    Deployment.objects.filter(number=rollout.number).update(size=F("size") + came)
    take_over(rollout, group, after=before)
    return came
