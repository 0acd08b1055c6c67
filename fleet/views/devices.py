"""The list of devices: found, narrowed down, accepted and rejected together."""

from collections import Counter
from dataclasses import asdict, replace
from functools import cached_property

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url, reswap, retarget

from fleet.admission import Outcome, set_status_of_many
from fleet.cursor_pages import CursorPage, cursor_page
from fleet.filter_names import named_of
from fleet.fragments import Context, answer
from fleet.listing.devices import DEVICES
from fleet.models import Device
from fleet.models.device import DeviceQuerySet
from fleet.narrowing import SORTS, DeviceFilter, Narrowing, all_of, narrowed
from fleet.pages import PageRequest, page
from fleet.reach import devices_within
from fleet.saved_views import views_of
from fleet.states import Admission
from fleet.suggesting import suggestions
from fleet.wording import Chip, chip_of, mistake_in
from query.fiql.composing import parts_of
from query.fiql.sentences import LIMITS

PAGE = 50
SAMPLE = 5
DIGITS = 10
KEPT = {"device", "all", "filter"}
VERBS = {"accept": Admission.ACCEPTED, "reject": Admission.REJECTED}
TEMPLATE = "fleet/devices.html"
TYPING = "X-Typing"


@require_safe
@page("fleet.view_device", within_bounds=True)
def devices(request: PageRequest) -> HttpResponse:
    """The list as its address says it; to HTMX the rows, and what is beside them.

    What is typed and cannot be read leaves the rows as they are.
    """
    parts = Parts(request)
    if parts.narrowing.problem and request.htmx.target == "rows":
        return _not_read(request, parts)
    return answer(request, TEMPLATE, {"rows": parts.rows}, frame=parts.frame())


class Parts:
    """What the parts of the page show; what several of them show is read once."""

    def __init__(self, request: PageRequest) -> None:
        self.request = request
        self.wanted = DeviceFilter.read(request.GET)
        self.everything = devices_within(request.actor, "fleet.view_device", request.organization)
        self.narrowing = self._read(self.wanted)

    def frame(self) -> Context:
        misread = self.narrowing.problem
        return {
            "here": "devices",
            "wanted": self.wanted,
            "mistake": misread and mistake_in(self.wanted.q, misread),
        }

    @cached_property
    def shown(self) -> Narrowing:
        """What the rows are narrowed by: without what cannot be read."""
        is_read = not self.narrowing.problem
        return self.narrowing if is_read else self._read(replace(self.wanted, q=""))

    def rows(self) -> Context:
        shown = self.shown
        found, counts = shown.looked_up(self.everything), all_of(self.everything)
        return {
            "page": self._page(shown.faceted(found).select_related("contact")),
            "narrowing": shown,
            "chips": _chips(shown.wanted),
            "columns": {name: DEVICES.by_name[column] for name, column in SORTS.items()},
            "views": views_of(self.request.actor, self.request.organization, shown.wanted.alone),
            "counts": counts,
            "total": sum(counts.values()),
            "facets": [
                (title, name, getattr(shown.wanted, name), shown.choices(found, name))
                for title, name in (("Admission", "state"), ("Type", "type"), ("Group", "group"))
            ],
        }

    def _page(self, rows: DeviceQuerySet) -> CursorPage[Device]:
        sort, cursor = self.wanted.sort_in_listing, self.request.GET.get("cursor", "")
        return cursor_page(rows, DEVICES, (sort,), cursor=cursor, size=PAGE)

    def _read(self, wanted: DeviceFilter) -> Narrowing:
        return narrowed(wanted, self.everything, named_of(self.request.organization))


def _chips(wanted: DeviceFilter) -> list[Chip]:
    return [] if wanted.is_word or not wanted.q else [chip_of(part) for part in parts_of(wanted.q)]


def _not_read(request: PageRequest, parts: Parts) -> HttpResponse:
    """Half a condition is no mistake while somebody is typing it."""
    if request.headers.get(TYPING):
        response = HttpResponse(status=204)
    else:
        response = render(request, f"{TEMPLATE}#mistake", parts.frame())
        retarget(response, "#mistake")
        reswap(response, "outerHTML")
        push_url(response, url=False)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_safe
@page("fleet.view_device", within_bounds=True)
def complete(request: PageRequest) -> JsonResponse:
    """What could stand at the place `at` in `q`: `items`, each for what is from start to end."""
    q, at = request.GET.get("q", "")[: LIMITS.length], request.GET.get("at", "")
    place = int(at) if at.isascii() and at.isdecimal() and len(at) < DIGITS else len(q)
    devices = devices_within(request.actor, "fleet.view_device", request.organization)
    found = suggestions(devices, request.organization, q, min(place, len(q)))
    response = JsonResponse({"items": [asdict(each) for each in found]})
    patch_cache_control(response, private=True, no_store=True)
    return response


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
        kept = DeviceFilter.read(QueryDict(request.POST.get("filter", "").lstrip("?")).dict())
        return narrowed(kept, everything, named_of(request.organization)).apply(everything)
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
