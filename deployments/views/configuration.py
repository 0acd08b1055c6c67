"""What a device is to be configured with, as a form says it."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from deployments.configuring import deploy_configuration
from deployments.views.device import Draft, shown
from fleet.configuration import PERMISSION, configuration_of, set_configuration
from fleet.errors import DomainError, Invalid
from fleet.models import Device
from fleet.pages import PageRequest, page
from fleet.reach import require_for
from fleet.views.acts import sentence

SAVED = "Configuration saved. The device learns of it when it asks, or by a deployment."
DEPLOYED = "Configuration saved and deployed. The device gets it at its next call."


@require_POST
@page(PERMISSION, within_bounds=True)
def configure(request: PageRequest, device_id: UUID) -> HttpResponse:
    """Save the configuration and, if asked to, deploy it; what is refused stands there again."""
    devices = Device.objects.of(request.organization).select_related(
        "contact", "inventory", "configuration"
    )
    device = get_object_or_404(devices, id=device_id)
    require_for(request.actor, PERMISSION, device)
    rows = [
        (key.strip(), value.replace("\r\n", "\n"))
        for key, value in zip(
            request.POST.getlist("key"), request.POST.getlist("value"), strict=False
        )
    ]
    try:
        _save(request, device, rows)
    except DomainError as error:
        response = shown(request, device, Draft(rows, sentence(error)))
        response.status_code = 422
        return response
    messages.success(request, DEPLOYED if "deploy" in request.POST else SAVED)
    return redirect(f"{reverse('device', args=[device_id])}#configuration")


@transaction.atomic
def _save(request: PageRequest, device: Device, rows: Sequence[tuple[str, str]]) -> None:
    values = _values(rows)
    if values != configuration_of(device).configured:
        set_configuration(actor=request.actor, device=device, values=values)
    if "deploy" in request.POST:
        deploy_configuration(actor=request.actor, device=device)


def _values(rows: Sequence[tuple[str, str]]) -> dict[str, str]:
    """A row without key and value is none; raises Invalid("configuration_invalid")."""
    values: dict[str, str] = {}
    for key, value in rows:
        if key in values:
            raise Invalid("configuration_invalid", f"The key {key[:64]} is there twice")
        if not key and value:
            raise Invalid("configuration_invalid", f"The value {value[:64]} has no key")
        if key:
            values[key] = value
    return values
