"""What people decide of a deployment under way: it pauses, goes on, tries again, or ends."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from deployments.aborting import abort
from deployments.models import Deployment
from deployments.pausing import pause, resume
from deployments.progress import progress_of
from deployments.reach import CHANGE
from deployments.retrying import Retried, retry_failed
from deployments.rollouts.approving import approve, deny
from deployments.rollouts.starting import start
from deployments.rollouts.stopping import stop as stop_rollout
from deployments.stopping import stop_gracefully
from deployments.views.deployment import found_for
from fleet.errors import DomainError
from fleet.pages import PageRequest, page
from fleet.views.acts import attempt, sentence


@require_POST
@page(CHANGE, within_bounds=True)
def hold(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    found = found_for(request, deployment_id, CHANGE)
    act = partial(pause, actor=request.actor, deployment=found)
    attempt(request, act, f"{found.name} is paused. Nobody begins it until it is resumed.")
    return redirect("deployment", found.id)


@require_POST
@page(CHANGE, within_bounds=True)
def go_on(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    found = found_for(request, deployment_id, CHANGE)
    act = partial(resume, actor=request.actor, deployment=found)
    attempt(request, act, f"{found.name} goes on.")
    return redirect("deployment", found.id)


@require_POST
@page(CHANGE, within_bounds=True)
def begin(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    """Start a rollout that waits for somebody to."""
    found = found_for(request, deployment_id, CHANGE)
    act = partial(start, actor=request.actor, deployment=found)
    attempt(request, act, f"{found.name} is started. Its first group is open.")
    return redirect("deployment", found.id)


@require_POST
@page(CHANGE, within_bounds=True)
def judge(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    """Approve a rollout that waits for it, or deny it."""
    found = found_for(request, deployment_id, CHANGE)
    is_approved = request.POST.get("verdict") == "approve"
    act = partial(
        approve if is_approved else deny,
        actor=request.actor,
        deployment=found,
        remark=request.POST.get("remark", "").strip(),
    )
    done = "approved" if is_approved else "denied"
    attempt(request, act, f"{found.name} is {done}.")
    return redirect("deployment", found.id)


@require_POST
@page(CHANGE, within_bounds=True)
def retry(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    found = found_for(request, deployment_id, CHANGE)
    try:
        messages.success(request, _said(retry_failed(actor=request.actor, deployment=found)))
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("deployment", found.id)


@require_http_methods(["GET", "HEAD", "POST"])
@page(CHANGE, within_bounds=True)
def stop(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    """Ask, saying what becomes of whom; then abort."""
    found = found_for(request, deployment_id, CHANGE)
    if request.method == "POST":
        attempt(request, *_end(request, found))
        return redirect("deployment", found.id)
    context = {"here": "deployments", "deployment": found, "progress": progress_of([found])[0]}
    return render(request, "deployments/abort.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(CHANGE, within_bounds=True)
def let_run_out(request: PageRequest, deployment_id: UUID) -> HttpResponse:
    """Ask first; then nobody new begins, and who has begun goes on."""
    found = found_for(request, deployment_id, CHANGE)
    if request.method == "POST":
        if stop_gracefully(actor=request.actor, deployment=found):
            said = f"{found.name} is stopped. Nobody new begins it; who has begun goes on."
            messages.success(request, said)
        else:
            messages.error(request, f"{found.name} is over, or was stopped before.")
        return redirect("deployment", found.id)
    context = {"here": "deployments", "deployment": found, "progress": progress_of([found])[0]}
    return render(request, "deployments/stop.html", context)


def _end(request: PageRequest, found: Deployment) -> tuple[Callable[[], None], str]:
    """How it ends: devices of a rollout are asked to leave it first, as hawkBit does."""
    is_asked = found.origin == Deployment.Origin.ROLLOUT and found.stopped_at is None
    end = partial(stop_rollout if is_asked else abort, actor=request.actor, deployment=found)
    if is_asked:
        return end, f"{found.name} is stopped. Who has begun it is asked to leave it."
    return end, f"{found.name} is aborted. Nobody begins it any more."


def _said(retried: Retried) -> str:
    whom = "The one that failed tries" if retried.devices == 1 else "They try"
    again = f"{whom} again at the next call" if retried.devices else "Nobody can try again"
    behind = sum(retried.left_behind.values())
    if not behind:
        return f"{again}."
    has = "has gone, or has" if behind == 1 else "have gone, or have"
    return f"{again}. {behind:,} {has} been in a newer deployment since."
