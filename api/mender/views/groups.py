"""Devices in groups. Source: the inventory service of the Mender server, which its API presumes."""

from uuid import UUID

from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.ids import device_of, uuid_of
from api.mender.requests import (
    UserRequest,
    json_body,
    json_object,
    json_response,
    no_content,
    text_member,
)
from api.paging import add_page_headers, read_page
from fleet import groups
from fleet.errors import Invalid, NotFound
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within, require_for
from fleet.states import Admission


@for_user("fleet.view_device", within_bounds=True)
def show_group(request: UserRequest, device_id: str) -> HttpResponse:
    device = device_of(request, device_id)
    require_for(request.actor, "fleet.view_device", device)
    return json_response({"group": device.group or None})


@for_user("fleet.change_device", within_bounds=True)
def assign_group(request: UserRequest, device_id: str) -> HttpResponse:
    name = text_member(json_object(request), "group", longest=1024)
    device = device_of(request, device_id)
    require_for(request.actor, "fleet.change_device", device)
    matched, _moved = groups.assign(
        actor=request.actor, organization=request.organization, devices=[device.id], name=name
    )
    return _done(matched)


@for_user("fleet.change_device", within_bounds=True)
def leave_group(request: UserRequest, device_id: str, name: str) -> HttpResponse:
    device = device_of(request, device_id)
    require_for(request.actor, "fleet.change_device", device)
    matched, _moved = groups.clear(
        actor=request.actor, organization=request.organization, devices=[device.id], name=name
    )
    return _done(matched)


@for_user("fleet.view_device", within_bounds=True)
def list_groups(request: UserRequest) -> HttpResponse:
    devices = _reached(request).exclude(group="")
    if status := request.GET.get("status"):
        devices = devices.filter(status=_status(status))
    return json_response(sorted(devices.order_by().values_list("group", flat=True).distinct()))


@for_user("fleet.view_device", within_bounds=True)
def list_group(request: UserRequest, name: str) -> HttpResponse:
    """The ids of a group's devices, in pages; a group nobody is in does not exist."""
    page = read_page(request.GET)
    devices = _reached(request).in_group(name)
    found, has_more = page.of(devices.order_by("number"))
    total = devices.count()
    if not total or not name:
        raise NotFound("group_not_found", "group not found")
    response = json_response([str(device.id) for device in found])
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user("fleet.change_device", within_bounds=True)
def assign_many(request: UserRequest, name: str) -> HttpResponse:
    return _counted(
        groups.assign(
            actor=request.actor, organization=request.organization, devices=_ids(request), name=name
        )
    )


@for_user("fleet.change_device", within_bounds=True)
def clear_many(request: UserRequest, name: str) -> HttpResponse:
    return _counted(
        groups.clear(
            actor=request.actor, organization=request.organization, devices=_ids(request), name=name
        )
    )


@for_user("fleet.change_device", within_bounds=True)
def delete_group(request: UserRequest, name: str) -> HttpResponse:
    """A group is gone when nobody is in it."""
    if not groups.dissolve(actor=request.actor, organization=request.organization, name=name):
        raise NotFound("group_not_found", "group not found")
    return no_content()


def _reached(request: UserRequest) -> DeviceQuerySet:
    return devices_within(request.actor, "fleet.view_device", request.organization)


def _ids(request: UserRequest) -> list[UUID]:
    body = json_body(request)
    if not isinstance(body, list) or not body or not all(isinstance(item, str) for item in body):
        raise Invalid("malformed_body", "a list of device ids is wanted")
    return [uuid_of(text) for text in body]


def _status(text: str) -> str:
    if text not in Admission.values:
        raise Invalid("invalid_status", "incorrect device status", field="status")
    return text


def _done(matched: int) -> HttpResponse:
    if not matched:
        raise NotFound("device_not_found", "device not found")
    return no_content()


def _counted(counts: tuple[int, int]) -> HttpResponse:
    matched, moved = counts
    if not matched:
        raise NotFound("device_not_found", "none of these devices was found")
    return json_response({"matched_count": matched, "updated_count": moved})
