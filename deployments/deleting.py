"""Delete what is over from the actions of a device.

The rows stay: deployments go on counting them, Mender's history goes on telling them, and where the
device stands follows from them. Source: hawkBit, deletion and cleanup of actions.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record_each
from deployments.models import DeviceDeployment
from deployments.reach import CHANGE
from deployments.states import State
from fleet.errors import Conflict
from fleet.models import Organization
from fleet.policies import policies_of
from fleet.reach import of_devices_within

# By the words of the policies.
STATES: dict[str, tuple[State, ...]] = {
    "CANCELED": (State.ABORTED, State.NO_ARTIFACT, State.DECOMMISSIONED),
    "ERROR": (State.FAILURE,),
    "FINISHED": (State.SUCCESS, State.ALREADY_INSTALLED, State.DOWNLOADED),
}
AT_ONCE = 2000
LONGEST = timedelta(days=36_500)


@transaction.atomic
def delete_actions(
    *, actor: Actor, organization: Organization, rows: QuerySet[DeviceDeployment]
) -> int:
    """Delete all of these, or none; returns how many.

    Raises Forbidden, and Conflict "action_not_deletable" if one is not over, or ended otherwise
    than the organization lets be deleted.
    """
    within = of_devices_within(rows.filter(deleted_at__isnull=True), actor, CHANGE, organization)
    deletable = states_of(policies_of(organization).deletable_statuses)
    if within.exclude(is_open=False, state__in=deletable).exists():
        raise Conflict("action_not_deletable", "Only an action that is over can be deleted")
    struck = 0
    while batch := list(within.order_by("number")[:AT_ONCE]):
        struck += _strike(batch)
        _record(actor, batch)
    return struck


def make_room(device_number: int, share: int) -> int:
    """Delete the oldest of a device's actions that are over, `share` of them; how many it was."""
    rows = DeviceDeployment.objects.filter(device=device_number, deleted_at__isnull=True)
    return _strike(list(rows.filter(is_open=False).order_by("number")[:share]))


def clean_up() -> int:
    """Delete what has been over for as long as each organization wants; returns how many."""
    organizations = Organization.objects.filter(policies__has_key="cleanup_expiry_ms")
    return sum(_clean_up(organization) for organization in organizations)


def states_of(statuses: Sequence[str]) -> frozenset[State]:
    """The states that these words of a policy mean."""
    return frozenset(state for status in statuses for state in STATES[status])


def _clean_up(organization: Organization) -> int:
    policies = policies_of(organization)
    if policies.cleanup_expiry_ms < 0:
        return 0
    age = min(timedelta(milliseconds=policies.cleanup_expiry_ms), LONGEST)
    old = DeviceDeployment.objects.filter(
        deployment__organization=organization,
        state__in=states_of(policies.cleanup_statuses),
        finished_at__lt=timezone.now() - age,
        deleted_at__isnull=True,
    )
    struck = 0
    while batch := list(old.order_by("number")[:AT_ONCE]):
        struck += _strike(batch)
    return struck


def _strike(batch: Sequence[DeviceDeployment]) -> int:
    rows = DeviceDeployment.objects.filter(number__in=[row.number for row in batch])
    return rows.update(deleted_at=timezone.now())


def _record(actor: Actor, batch: Sequence[DeviceDeployment]) -> None:
    """An entry for each device that they were of."""
    by_device: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row in batch:
        by_device[row.device_ref, row.device_name].append(row.number)
    entries = (
        (Subject("device", ref, name), {"actions_deleted": numbers})
        for (ref, name), numbers in by_device.items()
    )
    record_each(actor, Action.DELETE, entries)
