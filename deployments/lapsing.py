"""A maintenance window that never opens again: what was to keep to it is taken back."""

from datetime import datetime

from django.db import transaction

from deployments.actions import hold
from deployments.cancelling import cancel_rows
from deployments.candidates import Candidate
from deployments.events import SERVER
from deployments.models import DeviceDeployment
from fleet.models import Device

LAPSED = SERVER + "The maintenance schedule has no valid window any more."


def take_back_lapsed(candidate: Candidate, now: datetime) -> bool:
    """Have its device leave it, if its window never opens again; False if it does."""
    if candidate.window is None or not candidate.window.has_lapsed(now):
        return False
    rows = DeviceDeployment.objects.filter(number=candidate.number)
    with transaction.atomic():
        devices = Device.objects.filter(device_deployments__in=rows)
        devices.select_for_update(no_key=True).exists()
        hold(rows)
        cancel_rows(rows, now=now, message=LAPSED)
    return True
