"""Lists: as JSON a page, with the addresses of those beside it and a count; as CSV all of it."""

from dataclasses import asdict
from sys import maxsize
from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from api.addresses import base_url
from api.v1.asking import DEFAULT_LIMIT, Asked, read_asked
from api.v1.rendering import JsonRenderer
from api.v1.tables import table_answer, wants_table
from fleet.errors import Invalid
from fleet.models import Organization
from query.counting import count_of
from query.cursors import InvalidCursor, Place, cursor_of, place_of
from query.listing import Listing
from query.paging import page_of
from query.planning import planned_for_its_values
from query.showing import told

TABLE = ("limit", "format")


def list_answer(
    request: Request, listing: Listing, rows: QuerySet[Any], organization: Organization
) -> HttpResponseBase:
    """The list as its address asks for it; `rows` are all that the caller may see.

    Raises Invalid("invalid_parameter", "unknown_parameter", "invalid_filter", "invalid_cursor").
    """
    if wants_table(request):
        asked = read_asked(request.GET, listing, rows, organization, most=maxsize, others=TABLE)
        return table_answer(request, asked)
    renderer: Any = JsonRenderer()
    request.accepted_renderer, request.accepted_media_type = renderer, renderer.media_type
    return Response(_page(request, read_asked(request.GET, listing, rows, organization)))


def _page(request: Request, asked: Asked) -> dict[str, Any]:
    place = _place(request.GET.get("cursor", ""), asked)
    read = [each.expression for each in asked.shown]
    limit = asked.limit or DEFAULT_LIMIT
    with planned_for_its_values():
        page = page_of(asked.rows, asked.ordering, read, limit=limit, place=place)
        count = count_of(asked.rows, asked.counting)
    return {
        "items": [told(values, asked.shown) for values in page.rows],
        "next": _address(request, asked, page.next),
        "previous": _address(request, asked, page.previous),
        "count": asdict(count) if count else None,
    }


def _place(cursor: str, asked: Asked) -> Place | None:
    if not cursor:
        return None
    try:
        return place_of(cursor, asked.bound_to)
    except InvalidCursor as error:
        text = "This cursor was not made here, or for another list or another order."
        raise Invalid("invalid_cursor", text, field="cursor") from error


def _address(request: Request, asked: Asked, place: Place | None) -> str | None:
    if place is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor_of(place, asked.bound_to)
    return f"{base_url(request._request)}{request.path}?{query.urlencode()}"
