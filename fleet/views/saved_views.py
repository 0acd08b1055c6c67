"""Views of the list of devices: saved, renamed, deleted."""

from functools import partial
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fleet.models import SavedFilter
from fleet.pages import PageRequest, page
from fleet.saved_filters import change_filter, delete_filter, save_query
from fleet.saved_views import view_of
from fleet.views.acts import attempt


@require_POST
@page("fleet.add_savedfilter")
def save(request: PageRequest) -> HttpResponse:
    """Keep a condition under a name; then the view of that name is open."""
    name, query = request.POST.get("name", "").strip(), request.POST.get("q", "")
    act = partial(
        save_query, actor=request.actor, organization=request.organization, name=name, query=query
    )
    if attempt(request, act, f"Saved as {name}, for everybody here."):
        return redirect(_address(query))
    kept = QueryDict(request.POST.get("filter", "").lstrip("?"))
    return redirect(reverse("devices") + (f"?{kept.urlencode()}" if kept else ""))


@require_POST
@page("fleet.change_savedfilter")
def rename(request: PageRequest, filter_id: UUID) -> HttpResponse:
    saved, name = _saved(request, filter_id), request.POST.get("name", "").strip()
    act = partial(change_filter, actor=request.actor, saved=saved, name=name)
    attempt(request, act, f"The view is called {name} now.")
    return redirect(_address(view_of(_saved(request, filter_id)).text))


@require_POST
@page("fleet.delete_savedfilter")
def delete(request: PageRequest, filter_id: UUID) -> HttpResponse:
    saved = _saved(request, filter_id)
    act = partial(delete_filter, actor=request.actor, saved=saved)
    attempt(request, act, f"The view {saved.name} is deleted.")
    return redirect("devices")


def _saved(request: PageRequest, filter_id: UUID) -> SavedFilter:
    return get_object_or_404(SavedFilter, organization=request.organization, id=filter_id)


def _address(text: str) -> str:
    asked = QueryDict(mutable=True)
    asked["q"] = text
    return f"{reverse('devices')}?{asked.urlencode()}"
