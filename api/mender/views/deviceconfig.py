"""How devices are configured.

Sources: Mender API, Device configure (device and management), and Mender's deviceconfig service.
"""

from typing import Any

from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_device, for_user
from api.mender.ids import valid_uuid
from api.mender.plans import read_control_map
from api.mender.requests import (
    DeviceRequest,
    UserRequest,
    json_object,
    json_response,
    no_content,
)
from api.mender.shapes.configuration import configuration_shape
from deployments.configuring import deploy_configuration
from fleet import configuration
from fleet.configuration import configuration_of
from fleet.errors import Invalid, NotFound
from fleet.models import Device
from fleet.reach import require_for


@for_device
def show_own(request: DeviceRequest) -> HttpResponse:
    return json_response(configuration_of(request.device).configured)


@for_device
def report(request: DeviceRequest) -> HttpResponse:
    configuration.report_configuration(device=request.device, values=json_object(request))
    return no_content()


@for_user("fleet.view_configuration", within_bounds=True)
def show(request: UserRequest, device_id: str) -> HttpResponse:
    device = _device(request, device_id)
    require_for(request.actor, "fleet.view_configuration", device)
    return json_response(configuration_shape(configuration_of(device), device))


@for_user("fleet.change_configuration", within_bounds=True)
def configure(request: UserRequest, device_id: str) -> HttpResponse:
    configuration.set_configuration(
        actor=request.actor, device=_device(request, device_id), values=json_object(request)
    )
    return no_content()


@for_user("fleet.change_configuration", within_bounds=True)
def deploy(request: UserRequest, device_id: str) -> HttpResponse:
    device = _device(request, device_id)
    deployment = deploy_configuration(actor=request.actor, device=device, **_wishes(request))
    return json_response({"deployment_id": str(deployment.id)})


def _device(request: UserRequest, device_id: str) -> Device:
    found = Device.objects.of(request.organization).filter(id=valid_uuid(device_id)).first()
    if found is None:
        raise NotFound("device_not_found", "device does not exist")
    return found


def _wishes(request: UserRequest) -> dict[str, Any]:
    """Nothing need be said; raises Invalid("invalid_deployment")."""
    body = json_object(request) if request.body else {}
    retries = member(body, "retries")
    if retries is not None and (not isinstance(retries, int) or isinstance(retries, bool)):
        raise Invalid("invalid_deployment", "retries: must be an integer", field="retries")
    return {"retries": retries or 0, "update_control_map": read_control_map(body)}
