"""One deployment: how far it is, what goes wrong, who is in it."""

from functools import cached_property
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from auditlog.listing import AUDIT_ENTRIES
from auditlog.models import AuditEntry
from deployments.listing import DEVICE_DEPLOYMENTS
from deployments.models import Deployment
from deployments.progress import Progress, progress_of
from deployments.reach import VIEW, require_for
from deployments.states import State
from deployments.urgency import TOGETHER, URGENCY
from fleet.fragments import Context, answer
from fleet.pages import PageRequest, page
from query.searching import found_by
from query.selecting import Selection, equal, one_of

PAGE = 50
GROUPS = 8
AUDIT = 20


@require_safe
@page(VIEW, within_bounds=True)
def deployment(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    """The page; while the deployment runs its parts are asked for again and again."""
    parts = Parts(request, found_for(request, deployment_id, VIEW))
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
        kits = self.deployment.kits.select_related("release")
        return {
            "in_flight": self._in_flight(),
            "kits": () if self.deployment.release_id else kits,
        }

    def _in_flight(self) -> int | None:
        """How many are at it; None where there is no limit to that, or nobody is any more."""
        if self.deployment.in_flight_limit is None or not self.progress.is_active:
            return None
        return self.deployment.device_deployments.open().asked().count()

    def failures(self) -> Context:
        failed = self.all_rows.filter(Q(effective_state=State.FAILURE)).order_by()
        groups = failed.values("substate").annotate(count=Count("*")).order_by("-count", "substate")
        return {"groups": groups[:GROUPS], "failed": self.progress.failed}

    def rows(self) -> Context:
        show = self.request.GET.get("show", "")
        show = show if show in TOGETHER else ""
        q = self.request.GET.get("q", "").replace("\x00", "").strip()[:256]
        message = self.request.GET.get("message")
        message = None if message is None else message.replace("\x00", "")[:200]
        selection = self._selection(show, q, message)
        found = selection.apply(self.all_rows).select_related("device", "phase")
        found = found.order_by(URGENCY, "number")
        shown = Paginator(found, PAGE).get_page(self.request.GET.get("page"))
        audited = Selection(
            AUDIT_ENTRIES,
            (equal("object.kind", "deployment"), equal("object.id", str(self.deployment.id))),
        )
        entries = audited.apply(AuditEntry.objects.of(self.request.organization.pk))
        return {
            "show": show,
            "q": q,
            "message": message,
            "selection": selection,
            "page": shown,
            "audited": audited,
            "entries": entries[:AUDIT],
        }

    def _selection(self, show: str, q: str, message: str | None) -> Selection:
        conditions = [equal("deployment.id", str(self.deployment.id))]
        conditions += [one_of("state", sorted(TOGETHER[show]))] if show else []
        conditions += [found_by(q)] if q else []
        conditions += [] if message is None else [equal("substate", message)]
        return Selection(DEVICE_DEPLOYMENTS, tuple(conditions))


def found_for(request: PageRequest, deployment_id: UUID, permission: str) -> Deployment:
    """The deployment; 404 if there is none, 403 if it is out of the person's bounds."""
    deployments = Deployment.objects.of(request.organization).select_related("release")
    found = get_object_or_404(deployments, id=deployment_id)
    require_for(request.actor, permission, found)
    return found
