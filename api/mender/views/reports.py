"""A device tells how a deployment goes. Source: Mender API, Deployments (device)."""

from typing import Any

from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_device
from api.mender.ids import uuid_of, valid_uuid
from api.mender.requests import (
    DeviceRequest,
    json_response,
    no_content,
    reported_object,
    text_member,
)
from api.mender.shapes.deployments import STATE_OF_WORD
from deployments import logs, reporting
from deployments.control_maps import control_map_for
from fleet.errors import Invalid

MESSAGE = ("timestamp", "level", "message")


@for_device
def report_status(request: DeviceRequest, deployment_id: str) -> HttpResponse:
    """The same word twice is fine, and a device may go back: it knows best where it is."""
    body = reported_object(request)
    state = STATE_OF_WORD.get(text_member(body, "status", longest=64))
    if state is None:
        raise Invalid("invalid_status", "status: must be a valid value", field="status")
    substate = text_member(body, "substate", longest=reporting.MAX_SUBSTATE)
    reporting.report(
        device=request.device,
        deployment_id=uuid_of(deployment_id),
        state=state,
        substate=substate or None,
    )
    return no_content()


@for_device
def report_log(request: DeviceRequest, deployment_id: str) -> HttpResponse:
    messages = member(reported_object(request), "messages")
    logs.save_log(
        device=request.device, deployment_id=uuid_of(deployment_id), messages=_messages(messages)
    )
    return no_content()


@for_device
def show_control_map(request: DeviceRequest, deployment_id: str) -> HttpResponse:
    """How an update that has paused goes on: asked for again and again."""
    found = control_map_for(request.device, valid_uuid(deployment_id))
    return json_response({"update_control_map": found})


def _messages(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Invalid("invalid_log", "messages: must be a list", field="messages")
    return [
        {name: member(item, name) for name in MESSAGE} if isinstance(item, dict) else item
        for item in value
    ]
