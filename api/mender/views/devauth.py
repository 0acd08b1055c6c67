"""Management of devices: list, search, count, show, preauthorize, decommission.

Source: Mender API, Device authentication (management).
"""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_user
from api.mender.errors import STATUS, Refused
from api.mender.ids import reachable_device_of, uuid_of
from api.mender.requests import (
    UserRequest,
    created,
    json_object,
    json_response,
    no_content,
    text_member,
)
from api.mender.shapes.devices import device_shape
from api.paging import add_page_headers, read_page
from fleet import admission, keys
from fleet.errors import Conflict, Invalid
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within
from fleet.states import Admission

FORM = "application/x-www-form-urlencoded"


@for_user("fleet.view_device", within_bounds=True)
def list_devices(request: UserRequest) -> HttpResponse:
    statuses, ids = request.GET.getlist("status"), request.GET.getlist("id")
    return _page(request, _matching(request, statuses, ids))


@for_user("fleet.view_device", within_bounds=True)
def search_devices(request: UserRequest) -> HttpResponse:
    """The same list, asked for by a JSON body or a form."""
    if request.META.get("CONTENT_TYPE", "").startswith(FORM):
        statuses: list[Any] = request.POST.getlist("status")
        ids: list[Any] = request.POST.getlist("id")
    else:
        body = json_object(request)
        statuses, ids = _listed(member(body, "status")), _listed(member(body, "id"))
    return _page(request, _matching(request, statuses, ids))


@for_user("fleet.view_device", within_bounds=True)
def count_devices(request: UserRequest) -> HttpResponse:
    devices = _matching(request, request.GET.getlist("status"), [])
    return json_response({"count": devices.count()})


@for_user("fleet.view_device", within_bounds=True)
def show_device(request: UserRequest, device_id: str) -> HttpResponse:
    return json_response(device_shape(reachable_device_of(request, device_id)))


@for_user("fleet.change_device")
def preauthorize_device(request: UserRequest) -> HttpResponse:
    body = json_object(request)
    identity, is_forced = member(body, "identity_data"), member(body, "force") or False
    if not isinstance(identity, dict) or not isinstance(is_forced, bool):
        raise _undecodable("identity_data must be an object, force a boolean")
    pem = text_member(body, "pubkey", longest=keys.PEM_LENGTH)
    try:
        device = admission.preauthorize(
            actor=request.actor,
            organization=request.organization,
            identity=identity,
            public_key=keys.normalise(pem),
            force=is_forced,
        )
    except Invalid as error:
        raise _undecodable(error.message) from error
    except Conflict as error:
        if "device" not in error.details:
            raise
        return json_response(device_shape(error.details["device"]), status=STATUS[Conflict])
    return created(f"devices/{device.id}")


@for_user("fleet.delete_device", within_bounds=True)
def decommission_device(request: UserRequest, device_id: str) -> HttpResponse:
    device = reachable_device_of(request, device_id, "fleet.delete_device")
    admission.decommission(actor=request.actor, device=device)
    return no_content()


@for_user("fleet.view_organization")
def show_limit(request: UserRequest, name: str) -> HttpResponse:
    """How many devices may be accepted; -1 stands for any number."""
    if name != "max_devices":
        raise Refused(400, f"unsupported limit {name[:64]}")
    limit = request.organization.device_limit
    return json_response({"limit": -1 if limit is None else limit})


def _matching(request: UserRequest, statuses: Iterable[Any], ids: Iterable[Any]) -> DeviceQuerySet:
    wanted, ids = [status for status in statuses if status != ""], list(ids)
    if not all(status in Admission.values for status in wanted):
        raise Invalid("invalid_status", "incorrect device status", field="status")
    devices = devices_within(request.actor, "fleet.view_device", request.organization)
    if wanted:
        devices = devices.filter(status__in=wanted)
    if ids:
        devices = devices.filter(id__in=[uuid_of(text) for text in ids])
    return devices


def _page(request: UserRequest, devices: DeviceQuerySet) -> HttpResponse:
    page = read_page(request.GET)
    ordered = devices.order_by("number").select_related("contact").prefetch_related("auth_sets")
    found, has_more = page.of(ordered)
    response = json_response([device_shape(device) for device in found])
    return add_page_headers(response, request, page, has_more=has_more)


def _listed(value: Any) -> list[Any]:
    """One text or a list of them; nothing is an empty list."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str) for item in values):
        raise Invalid("invalid_field", "status and id must be texts or lists of texts")
    return values


def _undecodable(why: str) -> Invalid:
    return Invalid("invalid_preauthorization", f"failed to decode preauth request: {why}")
