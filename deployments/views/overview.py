"""The first page: what needs somebody, what is under way, what the fleet runs."""

from functools import cached_property

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from deployments.columns import columns_of
from deployments.models import Deployment, DeviceDeployment
from deployments.needs import headline, needs_of
from deployments.progress import Progress, progress_of
from deployments.states import State
from deployments.trends import LENGTH, Interval, ends_of_parts, span_of
from deployments.versions import versions_of
from fleet.fragments import Context, answer
from fleet.models import Device, Organization
from fleet.numbers import Figures, figures_of
from fleet.pages import PageRequest, page

ROLLOUTS = 6
FAILURES = 8
SHOWN = 4
WEEKS = 12


@require_safe
@page("deployments.view_deployment")
def overview(request: PageRequest) -> HttpResponse:
    """Each part by itself to HTMX, so that the page stays true while it is looked at."""
    parts = Parts(request.organization)
    return answer(
        request,
        "deployments/overview.html",
        {
            "needs": parts.needs,
            "rollouts": parts.rollouts,
            "figures": parts.figures,
            "share": parts.share,
            "failures": parts.failures,
            "weeks": parts.weeks,
        },
        frame={"here": "overview"},
    )


class Parts:
    """What the parts of the page show; what several of them show is read once."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.deployments = Deployment.objects.of(organization)
        self.rows = DeviceDeployment.objects.of(organization)

    @cached_property
    def counted(self) -> Figures:
        return figures_of(self.organization)

    @cached_property
    def active(self) -> list[Progress]:
        return progress_of(self.deployments.active().order_by("-number")[:ROLLOUTS])

    def needs(self) -> Context:
        wanting = progress_of(self.deployments.wanting().order_by("-number"))
        found = needs_of(self.organization, wanting, self.counted)
        return {
            "needs": found[:SHOWN],
            "more_needs": len(found) - SHOWN,
            "headline": headline(found, self.counted),
            "figures": self.counted,
        }

    def rollouts(self) -> Context:
        more = self.deployments.active().count() - len(self.active)
        return {"rollouts": self.active, "more_rollouts": more}

    def figures(self) -> Context:
        begun = self.rows.open().exclude(state=State.PENDING)
        updating = begun.filter(deployment__aborted_at__isnull=True).count()
        return {"figures": self.counted, "updating": updating}

    def share(self) -> Context:
        wanted = self.deployments.active().values_list("release_name", flat=True)
        devices = Device.objects.of(self.organization).accepted()
        return {"types": versions_of(devices, wanted=set(wanted))}

    def weeks(self) -> Context:
        now = timezone.now()
        span = span_of(Interval.WEEK, now - (WEEKS - 1) * LENGTH[Interval.WEEK], now, now=now)
        return {"weeks": columns_of(ends_of_parts(self.deployments, span))}

    def failures(self) -> Context:
        failed = self.rows.filter(state=State.FAILURE).select_related("deployment", "device")
        return {"failures": failed.order_by("-finished_at", "-number")[:FAILURES]}
