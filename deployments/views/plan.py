"""Planning a deployment: the form, its rehearsal, and making it."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deployments.creating import create_deployment
from deployments.forms import LISTED, PlanForm, is_id
from deployments.models import Deployment, DeviceDeployment
from deployments.phase_forms import with_template
from deployments.previewing import preview
from deployments.rehearsal import Rehearsal
from deployments.states import State
from fleet.errors import DomainError
from fleet.fragments import Context
from fleet.listing import DeviceFilter
from fleet.models import Device
from fleet.pages import PageRequest, page
from fleet.views.acts import sentence

TEMPLATE = "deployments/plan.html"


@require_http_methods(["GET", "HEAD", "POST"])
@page("deployments.add_deployment")
def new(request: PageRequest) -> HttpResponse:
    """The empty or prefilled form; a rehearsal of what it says; or the deployment itself."""
    if request.method != "POST":
        form = PlanForm(organization=request.organization, initial=_asked(request))
        return render(request, TEMPLATE, _context(form))
    typed: QueryDict = request.POST
    if "use" in typed:
        typed = with_template(typed, typed.get("template", ""), now=timezone.now())
    form = PlanForm(typed, organization=request.organization)
    if "create" in request.POST and not request.htmx:
        return _create(request, form)
    rehearsal = _rehearse(request, form) if form.is_valid() else None
    part = "#rehearsal" if request.htmx else ""
    return render(request, TEMPLATE + part, _context(form) | {"rehearsal": rehearsal})


def _asked(request: PageRequest) -> Context:
    """What the address prefills: a release, a group, devices, or those that failed before."""
    devices = [text for text in request.GET.getlist("device") if is_id(text)]
    release = request.GET.get("release", "")
    if is_id(before := request.GET.get("failed_of", "")):
        failed = DeviceDeployment.objects.of(request.organization).filter(
            deployment__id=before, state=State.FAILURE
        )
        rows = failed.values_list("device_ref", "deployment__release_name").order_by("number")
        devices = [ref for ref, _ in rows[:LISTED]]
        release = next((name for _, name in rows[:1]), release)
    if "matching" in request.GET:
        wanted = DeviceFilter.read(QueryDict(request.GET["matching"]).dict())
        found = wanted.apply(Device.objects.of(request.organization)).order_by("number")
        # One too many is enough for the form to refuse them: it never leaves any out in silence.
        devices = [str(id_) for id_ in found.values_list("id", flat=True)[: LISTED + 1]]
    group, target = request.GET.get("group", ""), request.GET.get("target", "")
    usual = "devices" if devices else "group" if group else "all"
    return {
        "release": release,
        "target": target if target in Deployment.Target.values and not devices else usual,
        "group": group,
        "filter": request.GET.get("filter", ""),
        "devices": "\n".join(devices),
    }


def _create(request: PageRequest, form: PlanForm) -> HttpResponse:
    problem, rehearsal, twin = "", None, None
    if form.is_valid():
        try:
            made = create_deployment(
                actor=request.actor, organization=request.organization, plan=form.plan()
            )
        except DomainError as error:
            problem, twin = sentence(error), error.details.get("deployment")
            rehearsal = _rehearse(request, form)
        else:
            whom = "whoever matches" if made.is_dynamic else f"{made.size:,} devices"
            messages.success(request, f"{made.name} is made for {whom}.")
            return redirect("deployment", made.id)
    context = _context(form) | {"problem": problem, "twin": twin, "rehearsal": rehearsal}
    return render(request, TEMPLATE, context, status=422)


def _rehearse(request: PageRequest, form: PlanForm) -> Rehearsal:
    plan = form.plan()
    return Rehearsal(
        preview(organization=request.organization, plan=plan),
        is_listed=plan.target == Deployment.Target.DEVICES,
        is_dynamic=plan.target == Deployment.Target.FILTER,
    )


def _context(form: PlanForm) -> Context:
    return {"here": "deployments", "form": form, "now": timezone.now()}
