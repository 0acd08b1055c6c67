"""What a view gets: a request that knows who asks, and its body as JSON."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from api.addresses import base_url
from api.hawkbit.errors import before, not_readable
from api.json_bodies import decode
from auditlog.actor import Actor
from fleet.errors import Invalid, LimitReached
from fleet.models import Organization

MOST_NAMED = 5_000
TAKEN = frozenset({"application/json", "application/hal+json"})


class Call(HttpRequest):
    """A call of the management API, within one organization."""

    actor: Actor
    organization: Organization


def require_media_type(request: HttpRequest, taken: frozenset[str] = TAKEN) -> None:
    """Raises Refused (415) unless the body calls itself one of these."""
    media_type = request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type not in taken:
        raise before(415)


def json_body(request: HttpRequest) -> Any:
    """Raises Refused (400 notReadable, 415)."""
    require_media_type(request)
    try:
        return decode(request.body)
    except Invalid as error:
        raise not_readable() from error


def json_object(request: HttpRequest) -> dict[str, Any]:
    body = json_body(request)
    if not isinstance(body, dict):
        raise not_readable()
    return body


def json_objects(request: HttpRequest) -> list[dict[str, Any]]:
    """A list of objects; a single one stands for a list of it, as hawkBit reads it."""
    body = json_body(request)
    items = body if isinstance(body, list) else [body]
    if not all(isinstance(item, dict) for item in items):
        raise not_readable()
    return items


def few(items: Collection[object], most: int = MOST_NAMED) -> None:
    """Raises LimitReached where one call names more than that, which the database need not see."""
    if len(items) > most:
        raise LimitReached("too_many_at_once", f"A call names at most {most:,} entities")


def link(request: HttpRequest, path: str) -> dict[str, str]:
    """An absolute link, as `_links` has it."""
    return {"href": f"{base_url(request)}{path}"}
