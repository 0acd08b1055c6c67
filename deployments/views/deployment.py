"""One deployment: how far it is, what goes wrong, who is in it, and the way to stop it."""

from functools import cached_property, partial
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from auditlog.models import AuditEntry
from deployments.aborting import abort
from deployments.charts import KINDS
from deployments.models import Deployment, DeviceDeploymentQuerySet
from deployments.progress import APART, Progress, progress_of
from deployments.reach import VIEW, require_for
from deployments.states import State
from fleet.fragments import Context, answer
from fleet.pages import PageRequest, page
from fleet.views.acts import attempt

CHANGE = "deployments.change_deployment"
PAGE = 50
GROUPS = 8
AUDIT = 20
# The rows of each filter, the worst first.
SHOWN: dict[str, frozenset[State]] = {
    "failed": KINDS["fail"],
    "progress": KINDS["run"],
    "waiting": KINDS["wait"],
    "installed": KINDS["ok"],
    "apart": frozenset(APART),
}


@require_safe
@page(VIEW, within_bounds=True)
def deployment(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    """The page; while the deployment runs its parts are asked for again and again."""
    parts = Parts(request, _deployment(request, deployment_id, VIEW))
    return answer(
        request,
        "deployments/deployment.html",
        {
            "progress": parts.head,
            "failures": parts.failures,
            "rows": parts.rows,
        },
        frame={"here": "deployments", **parts.frame()},
        is_final=not parts.progress.is_active,
    )


class Parts:
    """What the parts of the page show; what several of them show is read once."""

    def __init__(self, request: PageRequest, deployment: Deployment) -> None:
        self.request = request
        self.deployment = deployment
        self.all_rows = deployment.device_deployments.with_effective_state()

    @cached_property
    def progress(self) -> Progress:
        return progress_of([self.deployment])[0]

    def frame(self) -> Context:
        return {"deployment": self.deployment, "progress": self.progress}

    def head(self) -> Context:
        return {}

    def failures(self) -> Context:
        failed = self.all_rows.filter(Q(effective_state=State.FAILURE)).order_by()
        groups = failed.values("substate").annotate(count=Count("*")).order_by("-count", "substate")
        return {"groups": groups[:GROUPS], "failed": self.progress.failed}

    def rows(self) -> Context:
        show = self.request.GET.get("show", "")
        show = show if show in SHOWN else ""
        q = self.request.GET.get("q", "").replace("\x00", "").strip()[:256]
        message = self.request.GET.get("message")
        message = None if message is None else message.replace("\x00", "")[:200]
        found = _found(self.all_rows, show, q, message)
        shown = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        entries = AuditEntry.objects.of(self.request.organization.pk).filter(
            object_kind="deployment", object_id=str(self.deployment.id)
        )
        return {
            "show": show,
            "q": q,
            "message": message,
            "page": shown,
            "entries": entries[:AUDIT],
        }


def _found(
    rows: DeviceDeploymentQuerySet, show: str, q: str, message: str | None
) -> DeviceDeploymentQuerySet:
    if show:
        rows = rows.filter(Q(effective_state__in=sorted(SHOWN[show])))
    if q:
        rows = rows.filter(device_name__icontains=q)
    if message is not None:
        rows = rows.filter(substate=message)
    worst_first = Case(
        *(
            When(effective_state__in=sorted(states), then=Value(rank))
            for rank, states in enumerate(SHOWN.values())
        ),
        default=Value(len(SHOWN)),
        output_field=IntegerField(),
    )
    return rows.select_related("device", "phase").order_by(worst_first, "number")


@require_http_methods(["GET", "HEAD", "POST"])
@page(CHANGE, within_bounds=True)
def stop(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    """Ask, saying what becomes of whom; then abort."""
    found = _deployment(request, deployment_id, CHANGE)
    if request.method == "POST":
        act = partial(abort, actor=request.actor, deployment=found)
        attempt(request, act, f"{found.name} is aborted. Nobody begins it any more.")
        return redirect("deployment", found.id)
    context = {"here": "deployments", "deployment": found, "progress": progress_of([found])[0]}
    return render(request, "deployments/abort.html", context)


def _deployment(request: PageRequest, deployment_id: UUID, permission: str) -> Deployment:
    """404 if there is none, 403 if it is out of the person's bounds."""
    deployments = Deployment.objects.of(request.organization).select_related("release")
    found = get_object_or_404(deployments, id=deployment_id)
    require_for(request.actor, permission, found)
    return found
