"""Management of authentication sets and device tokens.

Source: Mender API, Device authentication (management).
"""

from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.ids import reachable_device_of, uuid_of
from api.mender.requests import (
    UserRequest,
    json_object,
    json_response,
    no_content,
    text_member,
)
from fleet import admission, device_tokens
from fleet.errors import Invalid, NotFound
from fleet.models import AuthSet, Device


@for_user("fleet.view_device", within_bounds=True)
def show_status(request: UserRequest, device_id: str, auth_set_id: str) -> HttpResponse:
    auth_set = _auth_set(reachable_device_of(request, device_id), auth_set_id)
    return json_response({"status": auth_set.status})


@for_user("fleet.change_device", within_bounds=True)
def set_status(request: UserRequest, device_id: str, auth_set_id: str) -> HttpResponse:
    status = text_member(json_object(request), "status", longest=64)
    device = reachable_device_of(request, device_id, "fleet.change_device")
    _check_owner(device, auth_set_id)
    auth_set = _auth_set(device, auth_set_id)
    admission.set_status(actor=request.actor, auth_set=auth_set, status=status)
    return no_content()


@for_user("fleet.change_device", within_bounds=True)
def dismiss(request: UserRequest, device_id: str, auth_set_id: str) -> HttpResponse:
    device = reachable_device_of(request, device_id, "fleet.change_device")
    auth_set = _auth_set(device, auth_set_id)
    admission.dismiss(actor=request.actor, auth_set=auth_set)
    return no_content()


@for_user("fleet.change_device", within_bounds=True)
def revoke_token(request: UserRequest, token_id: str) -> HttpResponse:
    device_tokens.revoke(
        actor=request.actor, organization=request.organization, token_id=uuid_of(token_id)
    )
    return no_content()


def _auth_set(device: Device, auth_set_id: str) -> AuthSet:
    found = device.auth_sets.filter(id=uuid_of(auth_set_id)).first()
    if found is None:
        raise NotFound("auth_set_not_found", "authentication set not found")
    return found


def _check_owner(device: Device, auth_set_id: str) -> None:
    """Raise Invalid("auth_set_mismatch") for a set of another of one's own devices."""
    others = AuthSet.objects.of(device.organization_id).filter(id=uuid_of(auth_set_id))
    if others.exclude(device=device).exists():
        raise Invalid("auth_set_mismatch", "dev auth: dev ID and auth ID mismatch")
