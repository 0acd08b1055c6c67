"""All deployments, by what is happening to them."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from deployments.listing import DEPLOYMENTS
from deployments.models import DeploymentQuerySet
from deployments.progress import progress_of
from deployments.reach import VIEW, deployments_within
from deployments.states import Status
from fleet.fragments import Context, answer
from fleet.pages import PageRequest, page
from query.searching import found_by
from query.selecting import Selection, equal, one_of

PAGE = 20
TABS: dict[str, tuple[str, tuple[Status, ...]]] = {
    "": ("Under way", (Status.IN_PROGRESS, Status.PENDING, Status.PAUSED)),
    "scheduled": ("Scheduled", (Status.SCHEDULED,)),
    "finished": ("Finished", (Status.FINISHED,)),
    "aborted": ("Aborted", (Status.ABORTED,)),
    "all": ("All", tuple(Status)),
}


@require_safe
@page(VIEW, within_bounds=True)
def deployments(request: PageRequest) -> HttpResponse:
    """The deployments of one tab, newest first, each with its bar."""
    return answer(
        request,
        "deployments/deployments.html",
        {"rows": lambda: _rows(request)},
        frame={"here": "deployments"},
    )


def _rows(request: PageRequest) -> Context:
    everything = deployments_within(request.actor, VIEW, request.organization)
    show, q, release = _asked(request)
    tabs = [
        {"key": key, "label": label, "count": _of_tab(everything, key).count()}
        for key, (label, _) in TABS.items()
    ]
    selection = _selection(show, q, release)
    found = selection.apply(everything)
    shown = Paginator(found.order_by("-number"), PAGE).get_page(request.GET.get("page"))
    rollouts = progress_of(shown.object_list)
    facts: dict[str, Any] = {"show": show, "q": q, "release": release, "tabs": tabs}
    facts |= {"selection": selection, "page": shown, "rollouts": rollouts}
    return facts | {"total": tabs[-1]["count"]}


def _asked(request: PageRequest) -> tuple[str, str, str]:
    texts = (
        request.GET.get(name, "").replace("\x00", "").strip()[:512]
        for name in ("show", "q", "release")
    )
    show, q, release = texts
    return show if show in TABS else ("all" if release else ""), q, release


def _of_tab(everything: DeploymentQuerySet, key: str) -> DeploymentQuerySet:
    return everything if key == "all" else everything.with_status(*TABS[key][1])


def _selection(show: str, q: str, release: str) -> Selection:
    conditions = [] if show == "all" else [one_of("status", TABS[show][1])]
    conditions += [equal("release.name", release)] if release else []
    conditions += [found_by(q)] if q else []
    return Selection(DEPLOYMENTS, tuple(conditions))
