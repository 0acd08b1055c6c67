"""Bring a device its configuration: a deployment of its own, to this one device."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from deployments.aborting import stop
from deployments.control_maps import ControlMap, check_control_map, stamped
from deployments.creating import made_by
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.parts import part_in
from deployments.planning import MAX_RETRIES
from deployments.signals import DeploymentEvent, tell
from deployments.states import State
from fleet.admission.rows import facts_of, subject_of
from fleet.configuration import PERMISSION, locked_device
from fleet.errors import Invalid
from fleet.models import Configuration, Device
from fleet.reach import require_for


@transaction.atomic
def deploy_configuration(
    *,
    actor: Actor,
    device: Device,
    retries: int = 0,
    update_control_map: ControlMap | None = None,
) -> Deployment:
    """Make a deployment of what the device is configured with at this moment.

    It replaces an earlier one that the device has not begun; one that it is at runs to its end,
    and this one follows. Raises Forbidden, Invalid("invalid_retries") and
    Invalid("invalid_update_control_map"), and NotFound("device_not_found") if the device is gone.
    Source: Mender's deviceconfig service, Deploy configuration.
    """
    require_for(actor, PERMISSION, device)
    if not 0 <= retries <= MAX_RETRIES:
        raise Invalid("invalid_retries", f"retries: 0 to {MAX_RETRIES}", field="retries")
    if update_control_map is not None:
        check_control_map(update_control_map)
    locked = locked_device(device)
    kept, _made = Configuration.objects.get_or_create(device=locked)
    deployment = _deployment(actor, locked, kept, retries)
    if update_control_map is not None:
        deployment.update_control_map = stamped(update_control_map, deployment.id)
    deployment.save(force_insert=True)
    Phase.objects.create(deployment=deployment, position=0, starts_at=deployment.created_at)
    _withdraw_earlier(actor, locked, deployment)
    part_in(deployment.number, locked).save(force_insert=True)
    Configuration.objects.filter(device=locked).update(deployment_id=deployment.id)
    facts = facts_of(locked, deployment_id=str(deployment.id))
    record(actor, Action.DEPLOY_CONFIGURATION, subject_of(locked), facts)
    tell(deployment, DeploymentEvent.CREATED, deployment.created_at)
    return deployment


def _deployment(actor: Actor, device: Device, kept: Configuration, retries: int) -> Deployment:
    deployment = Deployment(
        organization_id=device.organization_id,
        kind=Deployment.Kind.CONFIGURATION,
        configuration=kept.configured,
        target=Deployment.Target.DEVICES,
        size=1,
        retries=retries,
        created_at=timezone.now(),
        **made_by(actor),
    )
    deployment.name = deployment.release_name = f"configuration-{deployment.id}"
    # Two of the same are two: the second may be meant for a device that was set back since.
    deployment.request_digest = sha256(deployment.name.encode()).hexdigest()
    return deployment


def _withdraw_earlier(actor: Actor, device: Device, by: Deployment) -> None:
    """What nobody has begun must not be installed after it was replaced."""
    waiting = DeviceDeployment.objects.open().filter(
        device=device,
        state=State.PENDING,
        deployment__kind=Deployment.Kind.CONFIGURATION,
        deployment__finished_at__isnull=True,
    )
    for row in waiting.select_related("deployment"):
        stop(actor, row.deployment, {"replaced_by": str(by.id)})
