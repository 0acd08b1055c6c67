"""One's own exports on a page of the dashboard: asked for, watched, fetched and forgotten."""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from api.v1.authentication import Caller
from api.v1.exports.links import link_of
from api.v1.exports.operations import EXPORT, begin_export, delete_export
from fleet.errors import DomainError
from fleet.fragments import Context, answer
from fleet.pages import PageRequest, page
from fleet.views.acts import attempt, sentence
from jobs.models import Job, JobQuerySet

SHOWN = 50
UNFINISHED = {Job.State.QUEUED, Job.State.RUNNING}


@dataclass(frozen=True, slots=True)
class Made:
    """An export as the page shows it; `link` is empty unless there is a file to fetch."""

    job: Job
    link: str
    facts: dict[str, Any]

    @property
    def asked(self) -> str:
        """The condition that its rows meet."""
        return "".join(self.job.arguments["query"].get("q", []))

    @property
    def is_over(self) -> bool:
        """There was a file, and it has been deleted."""
        return self.job.state == Job.State.DONE and not self.link


@require_safe
@page()
def exports(request: PageRequest) -> HttpResponse:
    """The newest first; while one is being made the list is asked for again and again."""
    jobs = list(_own(request).order_by("-created_at")[:SHOWN])
    is_final = not any(job.state in UNFINISHED for job in jobs)
    parts = {"exports": partial(_shown, jobs, is_final=is_final)}
    return answer(request, "api/exports.html", parts, frame={"here": "exports"}, is_final=is_final)


@require_POST
@page()
def begin(request: PageRequest) -> HttpResponse:
    """Ask for a list as a file, `plain` or `compressed`: its name, "?" and its parameters."""
    is_gzipped = "compressed" in request.POST
    asked = request.POST.get("compressed" if is_gzipped else "plain", "")
    resource, _, parameters = asked.partition("?")
    try:
        begin_export(
            caller=_caller(request),
            resource=resource,
            query=dict(QueryDict(parameters).lists()),
            is_gzipped=is_gzipped,
        )
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("exports")


@require_POST
@page()
def forget(request: PageRequest, export_id: UUID) -> HttpResponse:
    job = get_object_or_404(_own(request), id=export_id)
    act = partial(delete_export, actor=request.actor, job=job)
    attempt(request, act, "The export and its file are deleted.")
    return redirect("exports")


def _own(request: PageRequest) -> JobQuerySet:
    own = Job.objects.of(request.organization.pk).asked_by(request.actor.id)
    return own.filter(kind=EXPORT)


def _caller(request: PageRequest) -> Caller:
    credential = f"session {request.session.session_key}"
    return Caller(request.actor, request.organization, credential)


def _shown(jobs: list[Job], *, is_final: bool) -> Context:
    return {"exports": [_made(job) for job in jobs], "is_final": is_final}


def _made(job: Job) -> Made:
    facts = job.result or {}
    has_file = job.state == Job.State.DONE and facts.get("expires", 0) > time.time()
    link = link_of(job.id, facts["name"], facts["expires"]) if has_file else ""
    return Made(job, link, facts)
