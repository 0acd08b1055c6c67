"""What devices tell of themselves.

Sources: Mender API, Device inventory (device); for management the inventory service of the
Mender server, which the API text presumes.
"""

from django.http import HttpResponse

from api.mender.attributes import read_attributes
from api.mender.auth import for_device, for_user
from api.mender.ids import device_of
from api.mender.requests import (
    DeviceRequest,
    UserRequest,
    json_body,
    json_response,
)
from api.mender.shapes.inventory import inventory_shape
from api.paging import add_page_headers, read_page
from fleet import inventory
from fleet.errors import Invalid
from fleet.models import Device
from fleet.models.device import DeviceQuerySet

PLAIN = {"page", "per_page", "group", "has_group"}


@for_device
def add_attributes(request: DeviceRequest) -> HttpResponse:
    return _report(request, replace=False)


@for_device
def replace_attributes(request: DeviceRequest) -> HttpResponse:
    return _report(request, replace=True)


@for_user("fleet.view_device")
def list_devices(request: UserRequest) -> HttpResponse:
    page, devices = read_page(request.GET), _matching(request)
    found, has_more = page.of(devices.select_related("inventory", "contact").order_by("number"))
    response = json_response([inventory_shape(device) for device in found])
    total = devices.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user("fleet.view_device")
def show_device(request: UserRequest, device_id: str) -> HttpResponse:
    return json_response(inventory_shape(device_of(request, device_id)))


def _report(request: DeviceRequest, *, replace: bool) -> HttpResponse:
    attributes = read_attributes(json_body(request))
    inventory.report(device=request.device, attributes=attributes, replace=replace)
    return HttpResponse()


def _matching(request: UserRequest) -> DeviceQuerySet:
    """By group so far: what else is asked for is refused rather than passed over."""
    if unknown := sorted(set(request.GET) - PLAIN):
        raise Invalid("invalid_query", f"cannot filter by {unknown[0][:64]!r}")
    devices = Device.objects.of(request.organization)
    if group := request.GET.get("group"):
        devices = devices.in_group(group.removeprefix("eq:"))
    if has_group := request.GET.get("has_group"):
        if has_group not in {"true", "false"}:
            raise Invalid("invalid_query", "has_group: must be true or false", field="has_group")
        in_none = devices.filter(group="")
        devices = devices.exclude(group="") if has_group == "true" else in_none
    return devices
