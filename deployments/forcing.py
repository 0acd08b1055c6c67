"""Make a device's part in a deployment more urgent: there is no way back.

Source: hawkBit, switching an action from soft to forced.
"""

from django.db import transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.models import Deployment, DeviceDeployment
from deployments.reach import CHANGE
from fleet import reach
from fleet.permissions import require

URGENT = frozenset({Deployment.ActionType.FORCED, Deployment.ActionType.TIMEFORCED})


@transaction.atomic
def force(*, actor: Actor, row: DeviceDeployment) -> None:
    """Force it for this device alone; what is forced, or will be in time, stays as it is.

    Raises Forbidden.
    """
    device = row.device
    if device is None:
        require(actor, CHANGE)
    else:
        reach.require_for(actor, CHANGE, device)
    if row.deployment.action_type in URGENT or row.is_forced:
        return
    DeviceDeployment.objects.filter(number=row.number).update(is_forced=True)
    row.is_forced = True
    if device is not None:
        subject = Subject("device", device.id, device.name)
        record(actor, Action.UPDATE, subject, {"action": row.number, "what": "force"})
