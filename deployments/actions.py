"""The parts of devices as hawkBit tells them: actions, which begin when they are assigned."""

from uuid import UUID

from django.db.models import DateTimeField, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from deployments.models import Deployment, DeviceDeployment, DeviceDeploymentQuerySet, Phase
from fleet.models import Device, Organization


def actions_of(organization: Organization | UUID) -> DeviceDeploymentQuerySet:
    """The parts of its devices, whatever made them, without those that were deleted.

    A rollout gives its devices actions when it starts.
    """
    rows = DeviceDeployment.objects.filter(
        device__organization=organization, deleted_at__isnull=True
    )
    return rows.filter(has_started())


def has_started() -> Q:
    """What is so of a row unless its rollout has yet to open a group."""
    begun = Phase.objects.filter(deployment=OuterRef("deployment"), starts_at__isnull=False)
    return ~Q(deployment__origin=Deployment.Origin.ROLLOUT) | Q(Exists(begun))


def hold(rows: DeviceDeploymentQuerySet) -> list[int]:
    """Lock the rows in the order of their numbers, which it returns.

    What else is so of them is to be read again after that. Whoever locks their devices as well
    does so before.
    """
    numbers = list(rows.order_by("number").values_list("number", flat=True))
    held = DeviceDeployment.objects.filter(number__in=numbers).select_for_update(no_key=True)
    return list(held.order_by("number").values_list("number", flat=True))


def hold_with_device(row: DeviceDeployment) -> DeviceDeploymentQuerySet:
    """The row, to be read again, with its device and itself locked in that order."""
    if row.device_id is not None:
        devices = Device.objects.filter(number=row.device_id)
        list(devices.select_for_update(no_key=True).values_list("number"))
    this = DeviceDeployment.objects.filter(number=row.number)
    hold(this)
    return this


# Of querysets of rows: when the action was made, and when something last happened to it.
CREATED_AT = Coalesce("enlisted_at", "deployment__created_at", output_field=DateTimeField())
_MOMENTS = ("confirmed_at", "cancel_requested_at", "admitted_at", "started_at", "finished_at")
MODIFIED_AT = Greatest(
    CREATED_AT,
    *(Coalesce(F(moment), CREATED_AT, output_field=DateTimeField()) for moment in _MOMENTS),
    output_field=DateTimeField(),
)
