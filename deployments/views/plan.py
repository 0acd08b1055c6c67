"""Planning a deployment: the form, its rehearsal, and making it."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deployments.creating import create_deployment
from deployments.forms import LISTED, PlanForm, is_id
from deployments.models import Deployment, DeviceDeployment
from deployments.parts import RELEASE_NAME
from deployments.phase_forms import with_template
from deployments.previewing import preview
from deployments.reach import ADD, VIEW, deployments_within, require_to_deploy
from deployments.rehearsal import Rehearsal
from deployments.states import State
from fleet.errors import DomainError, Forbidden
from fleet.filter_names import named_of
from fleet.fragments import Context
from fleet.narrowing import DeviceFilter, narrowed
from fleet.pages import PageRequest, page
from fleet.reach import devices_within
from fleet.views.acts import sentence

TEMPLATE = "deployments/plan.html"
BOUNDS = "Your role allows it for one of its groups, or for one device of these, at a time."


@require_http_methods(["GET", "HEAD", "POST"])
@page(ADD, within_bounds=True)
def new(request: PageRequest) -> HttpResponse:
    """The empty or prefilled form; a rehearsal of what it says; or the deployment itself."""
    if request.method != "POST":
        form = PlanForm(
            actor=request.actor, organization=request.organization, initial=_asked(request)
        )
        return render(request, TEMPLATE, _context(form))
    typed: QueryDict = request.POST
    if "use" in typed:
        typed = with_template(typed, typed.get("template", ""), now=timezone.now())
    form = PlanForm(typed, actor=request.actor, organization=request.organization)
    if "create" in request.POST and not request.htmx:
        return _create(request, form)
    part = "#rehearsal" if request.htmx else ""
    return render(request, TEMPLATE + part, _rehearsed(request, form) | _context(form))


def _asked(request: PageRequest) -> Context:
    """What the address prefills: a release, a group, devices, or those that failed before."""
    devices = [text for text in request.GET.getlist("device") if is_id(text)]
    release = request.GET.get("release", "")
    if is_id(before := request.GET.get("failed_of", "")):
        seen = deployments_within(request.actor, VIEW, request.organization)
        failed = DeviceDeployment.objects.filter(
            deployment__in=seen.filter(id=before), state=State.FAILURE
        )
        rows = failed.values_list("device_ref", RELEASE_NAME).order_by("number")
        devices = [ref for ref, _ in rows[:LISTED]]
        release = next((name for _, name in rows[:1]), release)
    if "matching" in request.GET:
        wanted = DeviceFilter.read(QueryDict(request.GET["matching"]).dict())
        reached = devices_within(request.actor, ADD, request.organization)
        found = narrowed(wanted, reached, named_of(request.organization)).apply(reached)
        ids = found.order_by("number").values_list("id", flat=True)
        # One too many is enough for the form to refuse them: it never leaves any out in silence.
        devices = [str(id_) for id_ in ids[: LISTED + 1]]
    group, target = request.GET.get("group", ""), request.GET.get("target", "")
    is_bound = not request.actor.may(ADD)
    usual = "devices" if devices else "group" if group or is_bound else "all"
    return {
        "release": release,
        "target": target if target in Deployment.Target.values and not devices else usual,
        "group": group,
        "filter": request.GET.get("filter", ""),
        "devices": "\n".join(devices),
    }


def _create(request: PageRequest, form: PlanForm) -> HttpResponse:
    told: Context = {}
    if form.is_valid():
        try:
            made = create_deployment(
                actor=request.actor, organization=request.organization, plan=form.plan()
            )
        except DomainError as error:
            twin = error.details.get("deployment")
            told = _rehearsed(request, form) | {"problem": _problem(error), "twin": twin}
        else:
            whom = "whoever matches" if made.is_dynamic else f"{made.size:,} devices"
            messages.success(request, f"{made.name} is made for {whom}.")
            return redirect("deployment", made.id)
    return render(request, TEMPLATE, _context(form) | told, status=422)


def _rehearsed(request: PageRequest, form: PlanForm) -> Context:
    """Of a plan that the person may make: a rehearsal tells of the devices it is for."""
    if not form.is_valid():
        return {"rehearsal": None}
    plan = form.plan()
    try:
        require_to_deploy(request.actor, request.organization, plan)
    except Forbidden as error:
        return {"rehearsal": None, "problem": _problem(error)}
    rehearsal = Rehearsal(
        preview(organization=request.organization, plan=plan),
        is_listed=plan.target == Deployment.Target.DEVICES,
        is_dynamic=plan.target == Deployment.Target.FILTER,
    )
    return {"rehearsal": rehearsal}


def _problem(error: DomainError) -> str:
    return BOUNDS if isinstance(error, Forbidden) else sentence(error)


def _context(form: PlanForm) -> Context:
    return {"here": "deployments", "form": form, "now": timezone.now()}
