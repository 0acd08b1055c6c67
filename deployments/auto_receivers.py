"""What the fleet tells that automatic assignments go by: devices come, filters change or go."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from deployments.auto_assigned import in_force
from deployments.auto_assigning import assign_to, end_with_filter, follow_filter
from fleet.models import Device, SavedFilter
from fleet.signals import (
    admission_changed,
    device_enrolled,
    saved_filter_changed,
    saved_filter_leaving,
)
from fleet.states import Admission


@receiver(device_enrolled, dispatch_uid="deployments.auto")
@receiver(admission_changed, dispatch_uid="deployments.auto")
def assign_to_newcomers(devices: Sequence[Device], **_: Any) -> None:
    """At once, though after the commit: nobody is refused because that failed, it comes round."""
    accepted = [device for device in devices if device.status == Admission.ACCEPTED]
    if accepted and in_force().filter(organization=accepted[0].organization_id).exists():
        transaction.on_commit(partial(assign_to, accepted), robust=True)


@receiver(saved_filter_changed, dispatch_uid="deployments.auto")
def assign_by_the_filter_as_it_is(saved: SavedFilter, **_: Any) -> None:
    follow_filter(saved)


@receiver(saved_filter_leaving, dispatch_uid="deployments.auto")
def assign_nothing_any_more(saved: SavedFilter, **_: Any) -> None:
    end_with_filter(saved)
