"""Releases: what there is to install, how more of it comes in, and how it goes."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from artifacts.links import signed_url
from artifacts.models import Artifact, Release
from artifacts.operations import add_artifact, delete_artifact, describe
from artifacts.quotas import storage_usage
from artifacts.receiving import expect_artifact, form_fields, received_artifact
from fleet.errors import DomainError
from fleet.models import Device
from fleet.pages import PageRequest, page
from fleet.views.acts import attempt, sentence

PAGE = 50
DOWNLOAD_LIFETIME = timedelta(minutes=15)


@require_safe
@page("artifacts.view_release")
def releases(request: PageRequest) -> HttpResponse:
    """All releases, the one changed last first, with how many devices run each."""
    everything = Release.objects.of(request.organization)
    q = request.GET.get("q", "").replace("\x00", "").strip()[:256]
    found = everything.filter(name__icontains=q) if q else everything
    rows = found.order_by("-modified_at", "-number").prefetch_related("artifacts")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "releases",
        "q": q,
        "page": shown,
        "total": everything.count() if q else shown.paginator.count,
        "running": _running(request, [release.name for release in shown]),
        "used": storage_usage(request.organization),
        "limit": request.organization.storage_limit,
    }
    return render(request, "artifacts/releases.html", context)


def _running(request: PageRequest, names: list[str]) -> dict[str, int]:
    devices = Device.objects.of(request.organization).accepted().filter(software__in=names)
    counts = devices.order_by().values_list("software").annotate(count=Count("number"))
    return dict(counts)


@require_safe
@page("artifacts.view_release")
def release(request: PageRequest, release_id: UUID) -> HttpResponse:
    """One release and the files that it consists of."""
    found = get_object_or_404(Release.objects.of(request.organization), id=release_id)
    context = {
        "here": "releases",
        "release": found,
        "artifacts": list(found.artifacts.order_by("number")),
        "running": _running(request, [found.name]).get(found.name, 0),
    }
    return render(request, "artifacts/release.html", context)


@csrf_exempt  # the check would read the body before we say where it goes; it follows in _receive
@require_http_methods(["GET", "HEAD", "POST"])
@page("artifacts.add_artifact")
def upload(request: PageRequest) -> HttpResponse:
    """The form for an artifact; what comes in goes straight to the storage."""
    if request.method != "POST":
        return render(request, "artifacts/upload.html", _upload_context())
    expect_artifact(request, request.organization)
    return _receive(request)


@csrf_protect
def _receive(request: PageRequest) -> HttpResponse:
    try:
        incoming = received_artifact(request)
        description = form_fields(request).get("description", "")
        made = add_artifact(actor=request.actor, incoming=incoming, description=description)
    except DomainError as error:
        part = "#upload" if request.htmx else ""
        context = _upload_context(sentence(error))
        return render(request, f"artifacts/upload.html{part}", context, status=422)
    messages.success(request, f"{made.release.name} is uploaded and verified.")
    target = redirect("release", made.release.id)
    return HttpResponseClientRedirect(target.url) if request.htmx else target


def _upload_context(problem: str = "") -> dict[str, Any]:
    return {"here": "releases", "problem": problem}


@require_safe
@page("artifacts.view_artifact")
def download(request: PageRequest, artifact_id: UUID) -> HttpResponse:
    """On to the file, by a link that works for a while."""
    artifact = _artifact(request, artifact_id)
    base = f"{request.scheme}://{request.get_host()}"
    return redirect(signed_url(artifact, base=base, lifetime=DOWNLOAD_LIFETIME).uri)


@require_POST
@page("artifacts.change_artifact")
def describe_artifact(request: PageRequest, artifact_id: UUID) -> HttpResponse:
    """Change the description of an artifact."""
    artifact = _artifact(request, artifact_id)
    act = partial(
        describe,
        actor=request.actor,
        artifact=artifact,
        description=request.POST.get("description", ""),
    )
    attempt(request, act, "Description saved.")
    return redirect("release", artifact.release.id)


@require_http_methods(["GET", "HEAD", "POST"])
@page("artifacts.delete_artifact")
def remove_artifact(request: PageRequest, artifact_id: UUID) -> HttpResponse:
    """Ask, then delete an artifact; its release goes with its last one."""
    artifact = _artifact(request, artifact_id)
    is_last = artifact.release.artifacts.count() == 1
    if request.method == "POST":
        act = partial(delete_artifact, actor=request.actor, artifact=artifact)
        is_gone = attempt(request, act, f"An artifact of {artifact.release.name} is deleted.")
        if is_gone and is_last:
            return redirect("releases")
        return redirect("release", artifact.release.id)
    context = {"here": "releases", "artifact": artifact, "is_last": is_last}
    return render(request, "artifacts/delete.html", context)


def _artifact(request: PageRequest, artifact_id: UUID) -> Artifact:
    artifacts = Artifact.objects.of(request.organization).select_related("release")
    return get_object_or_404(artifacts, id=artifact_id)
