"""The list of devices: found, narrowed down, accepted and rejected together."""

from collections import Counter
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from fleet.admission import Outcome, set_status_of_many
from fleet.fragments import answer
from fleet.models import Device
from fleet.models.device import DeviceQuerySet
from fleet.narrowing import DeviceFilter, all_of
from fleet.pages import PageRequest, page
from fleet.reach import devices_within
from fleet.states import Admission

PAGE = 50
SAMPLE = 5
DIGITS = 10
KEPT = {"device", "all", "filter"}
VERBS = {"accept": Admission.ACCEPTED, "reject": Admission.REJECTED}


@require_safe
@page("fleet.view_device", within_bounds=True)
def devices(request: PageRequest) -> HttpResponse:
    """The list as its address says it; to HTMX the rows, and the facets beside them."""
    wanted = DeviceFilter.read(request.GET)
    return answer(
        request,
        "fleet/devices.html",
        {"rows": partial(_rows, request, wanted)},
        frame={"here": "devices", "wanted": wanted},
    )


def _rows(request: PageRequest, wanted: DeviceFilter) -> dict[str, Any]:
    everything = devices_within(request.actor, "fleet.view_device", request.organization)
    counts = all_of(everything)
    return {
        "page": _page(request, wanted, everything),
        "counts": counts,
        "total": sum(counts.values()),
        "facets": [
            ("Admission", "state", wanted.state, wanted.choices(everything, "state")),
            ("Type", "type", wanted.type, wanted.choices(everything, "type")),
            ("Group", "group", wanted.group, wanted.choices(everything, "group")),
        ],
    }


def _page(request: PageRequest, wanted: DeviceFilter, everything: DeviceQuerySet) -> Page[Device]:
    rows = wanted.sorted(wanted.apply(everything)).select_related("contact")
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


@require_POST
@page("fleet.change_device", within_bounds=True)
def decide_on_many(request: PageRequest) -> HttpResponse:
    """Accept or reject the ticked devices, or all that match; rejecting is asked twice."""
    chosen, verb = _chosen(request), request.POST.get("verb", "")
    count = chosen.count()
    if verb == "deploy" and count:
        return redirect(f"{reverse('deployment-new')}?{_named(request, chosen).urlencode()}")
    if verb not in VERBS or not count:
        messages.error(request, "Nothing was selected, nothing was changed.")
        return redirect(_back(request))
    if verb == "reject" and "confirmed" not in request.POST:
        return _confirm(request, chosen, count)
    outcomes = set_status_of_many(
        actor=request.actor,
        organization=request.organization,
        devices=chosen.values_list("id", flat=True),
        status=VERBS[verb],
    )
    _say(request, verb, outcomes)
    return redirect(_back(request))


def _chosen(request: PageRequest) -> DeviceQuerySet:
    everything = devices_within(request.actor, "fleet.change_device", request.organization)
    if "all" in request.POST:
        return DeviceFilter.read(
            QueryDict(request.POST.get("filter", "").lstrip("?")).dict()
        ).apply(everything)
    ticked = (text for text in request.POST.getlist("device") if len(text) <= DIGITS)
    numbers = [int(text) for text in ticked if text.isdecimal()]
    return everything.filter(number__in=numbers[:PAGE])


def _named(request: PageRequest, chosen: DeviceQuerySet) -> QueryDict:
    """The chosen devices as an address can carry them: all that match by what they match."""
    named = QueryDict(mutable=True)
    if "all" in request.POST:
        named["matching"] = request.POST.get("filter", "").lstrip("?")
    else:
        ids = chosen.values_list("id", flat=True)
        named.setlist("device", [str(id_) for id_ in ids])
    return named


def _confirm(request: PageRequest, chosen: DeviceQuerySet, count: int) -> HttpResponse:
    context = {
        "here": "devices",
        "count": count,
        "sample": chosen.order_by("name")[:SAMPLE],
        "more": max(count - SAMPLE, 0),
        "accepted": chosen.filter(status=Admission.ACCEPTED).count(),
        "kept": [(k, v) for k, vs in request.POST.lists() for v in vs if k in KEPT],
        "back": _back(request),
    }
    return render(request, "fleet/reject.html", context)


def _back(request: PageRequest) -> str:
    kept = QueryDict(request.POST.get("filter", "").lstrip("?"))
    return reverse("devices") + (f"?{kept.urlencode()}" if kept else "")


def _say(request: PageRequest, verb: str, outcomes: list[Outcome]) -> None:
    left = Counter(outcome.text for outcome in outcomes if outcome.code)
    if done := len(outcomes) - left.total():
        word = "device" if done == 1 else "devices"
        then = " They may be offered work at their next call." if verb == "accept" else ""
        messages.success(request, f"{done:,} {word} {verb}ed.{then}")
    for text, count in left.items():
        messages.error(request, f"{count:,} left as before: {text}")
