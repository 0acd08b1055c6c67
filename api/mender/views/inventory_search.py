"""Devices by what is known of them, and what is known of devices at all.

Source: the inventory service of the Mender server, version 2, which its API presumes.
"""

from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.device_queries import read_search
from api.mender.requests import UserRequest, json_object, json_response
from api.mender.shapes.inventory import inventory_shape
from fleet.attribute_counts import attributes_in_use
from fleet.reach import devices_within
from fleet.searching import search
from fleet.tiers import devices_by_tier


@for_user("fleet.view_device", within_bounds=True)
def search_devices(request: UserRequest) -> HttpResponse:
    page, query = read_search(json_object(request))
    devices = query.narrow(devices_within(request.actor, "fleet.view_device", request.organization))
    found = search(devices, orders=query.orders, offset=page.offset, limit=page.size)
    response = json_response([inventory_shape(device, query.shown) for device in found.devices])
    response.headers["X-Total-Count"] = str(found.total)
    return response


@for_user("fleet.view_device", within_bounds=True)
def list_attributes(request: UserRequest) -> HttpResponse:
    devices = devices_within(request.actor, "fleet.view_device", request.organization)
    counts = attributes_in_use(devices)
    return json_response(
        [{"name": each.name, "scope": each.scope, "count": each.count} for each in counts]
    )


@for_user("fleet.view_device", within_bounds=True)
def show_statistics(request: UserRequest) -> HttpResponse:
    devices = devices_within(request.actor, "fleet.view_device", request.organization)
    return json_response({"devices_by_status": devices_by_tier(devices)})
