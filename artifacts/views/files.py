"""The files of a release: download, describe, delete."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from artifacts.links import signed_url
from artifacts.models import Artifact, ModuleFile
from artifacts.module_reach import modules_within
from artifacts.operations import delete_artifact, describe
from artifacts.reach import artifacts_within
from artifacts.serving import Content, serve
from fleet.pages import PageRequest, page
from fleet.views.acts import attempt

DOWNLOAD_LIFETIME = timedelta(minutes=15)


@require_safe
@page("artifacts.view_artifact", within_bounds=True)
def download(request: PageRequest, artifact_id: UUID) -> HttpResponse:
    """On to the file, by a link that works for a while."""
    artifact = _artifact(request, artifact_id, "artifacts.view_artifact")
    base = f"{request.scheme}://{request.get_host()}"
    return redirect(signed_url(artifact, base=base, lifetime=DOWNLOAD_LIFETIME).uri)


@require_safe
@page("artifacts.view_artifact", within_bounds=True)
def download_file(request: PageRequest, file_number: int) -> HttpResponseBase:
    """A file of a software module, as devices get it."""
    modules = modules_within(request.actor, "artifacts.view_artifact", request.organization)
    files = ModuleFile.objects.filter(module__in=modules.values("number"))
    kept = get_object_or_404(files, pk=file_number)
    try:
        return serve(request, Content.of(kept))
    except FileNotFoundError as error:
        raise Http404 from error


@require_POST
@page("artifacts.change_artifact", within_bounds=True)
def describe_artifact(request: PageRequest, artifact_id: UUID) -> HttpResponse:
    """Change the description of an artifact."""
    artifact = _artifact(request, artifact_id, "artifacts.change_artifact")
    act = partial(
        describe,
        actor=request.actor,
        artifact=artifact,
        description=request.POST.get("description", ""),
    )
    attempt(request, act, "Description saved.")
    return redirect("release", artifact.release.id)


@require_http_methods(["GET", "HEAD", "POST"])
@page("artifacts.delete_artifact", within_bounds=True)
def remove_artifact(request: PageRequest, artifact_id: UUID) -> HttpResponse:
    """Ask, then delete an artifact; its release goes with its last one."""
    artifact = _artifact(request, artifact_id, "artifacts.delete_artifact")
    own_modules = artifact.release.modules.filter(artifact__isnull=True)
    is_last = artifact.release.artifacts.count() == 1 and not own_modules.exists()
    if request.method == "POST":
        act = partial(delete_artifact, actor=request.actor, artifact=artifact)
        is_gone = attempt(request, act, f"An artifact of {artifact.release.name} is deleted.")
        if is_gone and is_last:
            return redirect("releases")
        return redirect("release", artifact.release.id)
    context = {"here": "releases", "artifact": artifact, "is_last": is_last}
    return render(request, "artifacts/delete.html", context)


def _artifact(request: PageRequest, artifact_id: UUID, permission: str) -> Artifact:
    artifacts = artifacts_within(request.actor, permission, request.organization)
    return get_object_or_404(artifacts.select_related("release"), id=artifact_id)
