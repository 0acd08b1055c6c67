"""Tags of devices. Source: the inventory service of the Mender server, which its API presumes."""

from django.http import HttpResponse

from api.mender.attributes import read_attributes
from api.mender.auth import for_user
from api.mender.ids import device_of
from api.mender.requests import UserRequest, json_body
from fleet.tags import set_tags


@for_user("fleet.change_device", within_bounds=True)
def replace_tags(request: UserRequest, device_id: str) -> HttpResponse:
    return _set(request, device_id, replace=True)


@for_user("fleet.change_device", within_bounds=True)
def add_tags(request: UserRequest, device_id: str) -> HttpResponse:
    return _set(request, device_id, replace=False)


def _set(request: UserRequest, device_id: str, *, replace: bool) -> HttpResponse:
    device = device_of(request, device_id)
    wanted = request.headers.get("If-Match", "*")
    tags = read_attributes(json_body(request), scope="tags")
    version = set_tags(
        actor=request.actor,
        device=device,
        tags=tags,
        replace=replace,
        is_expected=lambda version: _is_among(version, wanted),
    )
    return HttpResponse(headers={"ETag": f'"{version}"'})


def _is_among(version: str, wanted: str) -> bool:
    """Callers send the ETag with its quotation marks or without."""
    named = {tag.strip().removeprefix("W/").strip('"') for tag in wanted.split(",")}
    return "*" in named or version in named
