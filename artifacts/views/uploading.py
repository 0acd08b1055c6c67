"""How more of it comes in: an artifact that is made, or a raw file that we make one of."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from artifacts.generating import GENERATE, request_generation
from artifacts.operations import add_artifact
from artifacts.receiving import (
    expect_artifact,
    expect_raw_file,
    file_name,
    form_fields,
    received_file,
)
from artifacts.recipes import Recipe
from fleet.errors import DomainError
from fleet.fragments import answer
from fleet.pages import PageRequest, page
from fleet.views.acts import sentence
from jobs.models import Job

RECIPE = (
    *("name", "filename", "dest_dir", "description"),
    *("software_filesystem", "software_name", "software_version"),
)


@csrf_exempt  # the check would read the body before we say where it goes; it follows in _receive
@require_http_methods(["GET", "HEAD", "POST"])
@page("artifacts.add_artifact", within_bounds=True)
def upload(request: PageRequest) -> HttpResponse:
    """The form for an artifact; what comes in goes straight to the storage."""
    if request.method != "POST":
        return render(request, "artifacts/upload.html", _context())
    expect_artifact(request, request.organization)
    return _receive(request)


@csrf_protect
def _receive(request: PageRequest) -> HttpResponse:
    try:
        incoming = received_file(request)
        description = form_fields(request).get("description", "")
        made = add_artifact(actor=request.actor, incoming=incoming, description=description)
    except DomainError as error:
        return _refused(request, "upload", _context(sentence(error)))
    messages.success(request, f"{made.release.name} is uploaded and verified.")
    return _onward(request, redirect("release", made.release.id).url)


@csrf_exempt  # as above
@require_http_methods(["GET", "HEAD", "POST"])
@page("artifacts.add_artifact", within_bounds=True)
def wrap(request: PageRequest) -> HttpResponse:
    """The form for a raw file; when that has come in a job makes an artifact of it."""
    if request.method != "POST":
        return render(request, "artifacts/wrap.html", _context())
    expect_raw_file(request, request.organization)
    return _receive_raw(request)


@csrf_protect
def _receive_raw(request: PageRequest) -> HttpResponse:
    fields: dict[str, str] = {}
    try:
        incoming = received_file(request)
        fields = form_fields(request)
        recipe = _recipe(fields, file_name(request))
        wanted = request_generation(actor=request.actor, incoming=incoming, recipe=recipe)
    except DomainError as error:
        return _refused(request, "wrap", _context(sentence(error), given=fields))
    return _onward(request, redirect("building", wanted.facts["job"]).url)


@require_safe
@page("artifacts.add_artifact", within_bounds=True)
def building(request: PageRequest, job_id: UUID) -> HttpResponse:
    """How the making of an artifact goes; to the release once it is there."""
    job = Job.objects.filter(
        id=job_id, kind=GENERATE, organization_id=request.organization.pk
    ).first()
    if job is None:
        raise Http404("There is no such job.")
    if job.state == Job.State.DONE and job.result:
        messages.success(request, f"{job.arguments['name']} is built and verified.")
        return _onward(request, redirect("release", job.result["release"]).url)
    has_failed = job.state == Job.State.FAILED
    frame = {"here": "releases", "job": job, "name": job.arguments["name"]}
    build = {"has_failed": has_failed, "reason": f"{job.error.rstrip('.')}."}
    return answer(
        request,
        "artifacts/building.html",
        {"build": partial(dict, build)},
        frame=frame,
        is_final=has_failed,
    )


def _recipe(fields: dict[str, str], uploaded_as: str) -> Recipe:
    """What the form says; the file keeps its name unless it is given another."""
    given = {name: fields.get(name, "").strip() for name in RECIPE}
    named = fields.get("device_types_compatible", "").replace(",", " ").split()
    given["filename"] = given["filename"] or uploaded_as
    return Recipe(**given, device_types=list(dict.fromkeys(named)))


def _context(problem: str = "", *, given: dict[str, str] | None = None) -> dict[str, Any]:
    return {"here": "releases", "problem": problem, "given": given or {}}


def _refused(request: PageRequest, form: str, context: dict[str, Any]) -> HttpResponse:
    part = f"#{form}" if request.htmx else ""
    return render(request, f"artifacts/{form}.html{part}", context, status=422)


def _onward(request: PageRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
