"""What devices tell of themselves.

Sources: Mender API, Device inventory (device); for management the inventory service of the
Mender server, which the API text presumes.
"""

from django.http import HttpResponse

from api.mender.attributes import read_attributes
from api.mender.auth import for_device, for_user
from api.mender.device_queries import read_query
from api.mender.ids import device_of
from api.mender.requests import (
    DeviceRequest,
    UserRequest,
    json_body,
    json_response,
    no_content,
)
from api.mender.shapes.inventory import inventory_shape
from api.paging import add_page_headers, read_page
from fleet import inventory
from fleet.reach import devices_within, require_for
from fleet.searching import search
from fleet.tags import version_of


@for_device
def add_attributes(request: DeviceRequest) -> HttpResponse:
    return _report(request, replace=False)


@for_device
def replace_attributes(request: DeviceRequest) -> HttpResponse:
    return _report(request, replace=True)


@for_user("fleet.view_device", within_bounds=True)
def list_devices(request: UserRequest) -> HttpResponse:
    page, query = read_page(request.GET), read_query(request.GET)
    devices = query.narrow(devices_within(request.actor, "fleet.view_device", request.organization))
    found = search(devices, orders=query.orders, offset=page.offset, limit=page.size)
    response = json_response([inventory_shape(device) for device in found.devices])
    return add_page_headers(response, request, page, has_more=found.has_more, total=found.total)


@for_user("fleet.view_device", within_bounds=True)
def show_device(request: UserRequest, device_id: str) -> HttpResponse:
    """The ETag is that of the tags alone: what `tags` takes as If-Match."""
    device = device_of(request, device_id)
    require_for(request.actor, "fleet.view_device", device)
    response = json_response(inventory_shape(device))
    response.headers["ETag"] = f'"{version_of(getattr(device, "inventory", None))}"'
    return response


@for_user("fleet.change_device", within_bounds=True)
def forget_device(request: UserRequest, device_id: str) -> HttpResponse:
    inventory.forget(actor=request.actor, device=device_of(request, device_id))
    return no_content()


def _report(request: DeviceRequest, *, replace: bool) -> HttpResponse:
    attributes = read_attributes(json_body(request))
    inventory.report(device=request.device, attributes=attributes, replace=replace)
    return HttpResponse()
