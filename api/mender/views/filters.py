"""Saved filters. Source: the inventory service of the Mender server, which its API presumes."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.device_queries import read_terms
from api.mender.ids import uuid_of
from api.mender.requests import (
    UserRequest,
    created,
    json_object,
    json_response,
    no_content,
    text_member,
)
from api.mender.shapes.inventory import filter_shape, inventory_shape
from api.paging import add_page_headers, read_page
from fleet.conditions import devices_of
from fleet.errors import NotFound
from fleet.models import SavedFilter
from fleet.permissions import require
from fleet.reach import devices_within
from fleet.saved_filters import NAME_LENGTH, delete_filter, save_filter
from fleet.searching import search


@for_user("fleet.view_savedfilter")
def list_filters(request: UserRequest) -> HttpResponse:
    page = read_page(request.GET)
    rows = _spoken_in_terms(request)
    found, has_more = page.of(rows.order_by("name"))
    response = json_response([filter_shape(row) for row in found])
    return add_page_headers(response, request, page, has_more=has_more, total=rows.count())


@for_user("fleet.add_savedfilter")
def add_filter(request: UserRequest) -> HttpResponse:
    """The `Location` is relative: callers take the second segment or the last one for the id."""
    body = json_object(request)
    row = save_filter(
        actor=request.actor,
        organization=request.organization,
        name=text_member(body, "name", longest=NAME_LENGTH, shortest=1),
        terms=read_terms(body),
    )
    return created(f"filters/{row.id}")


@for_user("fleet.view_savedfilter")
def show_filter(request: UserRequest, filter_id: str) -> HttpResponse:
    saved = _spoken_in_terms(request).filter(id=uuid_of(filter_id)).first()
    if saved is None:
        raise _missing()
    return json_response(filter_shape(saved))


@for_user("fleet.delete_savedfilter")
def remove_filter(request: UserRequest, filter_id: str) -> HttpResponse:
    if not delete_filter(actor=request.actor, saved=_filter_of(request, filter_id)):
        raise _missing()
    return no_content()


@for_user("fleet.view_device", within_bounds=True)
def search_by_filter(request: UserRequest, filter_id: str) -> HttpResponse:
    """Who matches at this moment."""
    require(request.actor, "fleet.view_savedfilter")
    saved, page = _filter_of(request, filter_id), read_page(request.GET)
    reached = devices_within(request.actor, "fleet.view_device", request.organization)
    devices = devices_of(request.organization, saved) & reached
    found = search(devices, offset=page.offset, limit=page.size)
    response = json_response([inventory_shape(device) for device in found.devices])
    return add_page_headers(response, request, page, has_more=found.has_more, total=found.total)


def _spoken_in_terms(request: UserRequest) -> QuerySet[SavedFilter]:
    """Without those written in FIQL that terms cannot say: who reads no terms takes everybody."""
    rows = SavedFilter.objects.filter(organization=request.organization)
    return rows.filter(Q(query="") | ~Q(terms=[]))


def _filter_of(request: UserRequest, filter_id: str) -> SavedFilter:
    rows = SavedFilter.objects.filter(organization=request.organization)
    found = rows.filter(id=uuid_of(filter_id)).first()
    if found is None:
        raise _missing()
    return found


def _missing() -> NotFound:
    return NotFound("filter_not_found", "filter not found")
