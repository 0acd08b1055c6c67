"""Artifacts come in: in a form, as a raw file to be wrapped, or by a link of their own.

Source: Mender API, Deployments (management), artifacts.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse

from api.addresses import base_url
from api.json_bodies import decode, member
from api.mender.auth import for_user
from api.mender.ids import uuid_of, valid_uuid
from api.mender.requests import UserRequest, created, json_response
from api.mender.times import stamp
from artifacts.direct import LINK_LIFETIME, announce, complete
from artifacts.generating import request_generation
from artifacts.links import signed_upload_url
from artifacts.operations import add_artifact
from artifacts.receiving import (
    expect_artifact,
    expect_raw_file,
    form_fields,
    form_values,
    received_file,
)
from artifacts.recipes import Recipe
from fleet.errors import Invalid

PATH = "/api/management/v1/deployments/artifacts"
TYPES = {"single_file", "single-file"}
ARGS = (
    *("filename", "dest_dir"),
    *("software_filesystem", "software_name", "software_version"),
)


@for_user("artifacts.add_artifact", within_bounds=True)
def upload(request: UserRequest) -> HttpResponse:
    expect_artifact(request, request.organization)
    incoming = received_file(request)
    fields = form_fields(request)
    given_id = fields.get("artifact_id", "")
    artifact = add_artifact(
        actor=request.actor,
        incoming=incoming,
        description=fields.get("description", ""),
        artifact_id=valid_uuid(given_id) if given_id else None,
    )
    return created(f"{PATH}/{artifact.id}")


@for_user("artifacts.add_artifact", within_bounds=True)
def generate(request: UserRequest) -> HttpResponse:
    """The artifact is there once a job has made it; until then its address is 404."""
    expect_raw_file(request, request.organization)
    incoming = received_file(request)
    recipe = _recipe(request)
    wanted = request_generation(actor=request.actor, incoming=incoming, recipe=recipe)
    return created(f"{PATH}/{wanted.id}")


@for_user("artifacts.add_artifact", within_bounds=True)
def announce_upload(request: UserRequest) -> HttpResponse:
    """A link to which the file may be sent, once, within a quarter of an hour."""
    wanted = announce(actor=request.actor, organization=request.organization)
    link = signed_upload_url(wanted.id, base=base_url(request), lifetime=LINK_LIFETIME)
    return json_response(
        {
            "id": str(wanted.id),
            "uri": link.uri,
            "expire": stamp(link.expires_at),
            "method": "PUT",
            "header": {},
        }
    )


@for_user("artifacts.add_artifact", within_bounds=True)
def complete_upload(request: UserRequest, upload_id: str) -> HttpResponse:
    """What the body says of the artifact is passed over: the file says it."""
    complete(actor=request.actor, organization=request.organization, upload_id=uuid_of(upload_id))
    return HttpResponse(status=202)


def _recipe(request: HttpRequest) -> Recipe:
    """Raises Invalid; what the fields may hold is checked by whoever takes the recipe."""
    fields = form_fields(request)
    if fields.get("type") not in TYPES:
        raise Invalid("invalid_field", "type: must be single_file", field="type")
    lists = form_values(request, "device_types_compatible")
    named = [name.strip() for names in lists for name in names.split(",")]
    return Recipe(
        name=fields.get("name", ""),
        description=fields.get("description", ""),
        device_types=list(dict.fromkeys(name for name in named if name)),
        **_args(fields.get("args", "")),
    )


def _args(text: str) -> dict[str, str]:
    args = decode(text.encode())
    if not isinstance(args, dict):
        raise Invalid("invalid_field", "args: not a JSON object", field="args")
    values: dict[str, Any] = {name: member(args, name) or "" for name in ARGS}
    for name, value in values.items():
        if not isinstance(value, str):
            raise Invalid("invalid_field", f"{name}: must be a text", field=name)
    return values
