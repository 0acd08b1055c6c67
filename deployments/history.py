"""What a device has been through: its past deployments, and how to forget them."""

from django.db import transaction
from django.db.models import Q

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.models import DeviceDeployment, DeviceDeploymentQuerySet
from fleet import reach
from fleet.models import Device


def history_of(device: Device) -> DeviceDeploymentQuerySet:
    """The parts it has asked for, or about which all is decided, the newest deployment first."""
    rows = DeviceDeployment.objects.filter(device=device, deployment__archived_at__isnull=True)
    told = rows.filter(Q(admitted_at__isnull=False) | Q(is_open=False))
    return told.order_by("-deployment_id")


def forget_history(*, actor: Actor, device: Device) -> int:
    """Cut what the device has finished off from it; returns how many parts those are.

    The deployments keep their rows and counts, but the device no longer has them: it may be
    offered what is older than they were. What is under way stays. Raises Forbidden.
    """
    reach.require_for(actor, "deployments.change_deployment", device)
    with transaction.atomic():
        finished = DeviceDeployment.objects.filter(device=device, is_open=False)
        forgotten = finished.update(device=None)
        if forgotten:
            what = Subject("device", device.id, device.name)
            record(actor, Action.UPDATE, what, {"deployments_forgotten": forgotten})
    return forgotten
