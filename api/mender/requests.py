"""What a view gets: a request that knows who asks, and its body as JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from api.json_bodies import check_media_type, decode, decode_mended, encode, member
from auditlog.actor import Actor
from fleet.errors import Invalid
from fleet.models import Device, Organization


class UserRequest(HttpRequest):
    """A request of a person or their script, within one organization."""

    actor: Actor
    organization: Organization


class DeviceRequest(HttpRequest):
    device: Device


def json_body(request: HttpRequest) -> Any:
    """Raises Invalid("malformed_body"), WrongMediaType."""
    check_media_type(request.META.get("CONTENT_TYPE", ""), request.body)
    return decode(request.body)


def json_object(request: HttpRequest) -> dict[str, Any]:
    return _object(json_body(request))


def reported_object(request: HttpRequest) -> dict[str, Any]:
    """As `json_object`, with unstorable characters replaced: the report of a device."""
    return _object(reported_body(request))


def reported_body(request: HttpRequest) -> Any:
    """As `json_body`, with unstorable characters replaced: what a device read somewhere."""
    check_media_type(request.META.get("CONTENT_TYPE", ""), request.body)
    return decode_mended(request.body)


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise Invalid("malformed_body", "failed to decode request body: not a JSON object")
    return body


def text_member(body: dict[str, Any], name: str, *, longest: int, shortest: int = 0) -> str:
    """A text of `body`, empty if it is missing and may be; raises Invalid("invalid_field")."""
    value = member(body, name)
    value = "" if value is None else value
    if not isinstance(value, str):
        raise Invalid("invalid_field", f"{name}: must be a text", field=name)
    if not shortest <= len(value) <= longest:
        raise Invalid(
            "invalid_field",
            f"{name}: the length must be between {shortest} and {longest}",
            field=name,
        )
    return value


def json_response(value: Any, status: int = 200) -> HttpResponse:
    return HttpResponse(encode(value), content_type="application/json", status=status)


def json_array(values: Iterable[Any]) -> HttpResponse:
    """An array of any length, of which only the text is held, not the values."""
    return HttpResponse(_array(values), content_type="application/json")


def _array(values: Iterable[Any]) -> Iterator[bytes]:
    yield b"["
    for position, value in enumerate(values):
        yield b"," + encode(value) if position else encode(value)
    yield b"]"


def created(location: str) -> HttpResponse:
    return HttpResponse(status=201, headers={"Location": location})


def no_content() -> HttpResponse:
    return HttpResponse(status=204)
