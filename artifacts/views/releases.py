"""Releases: what there is to install, how it is found, and what people say of it."""

import re
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from artifacts.completeness import is_complete, is_deployable
from artifacts.generating import GENERATE
from artifacts.listing import RELEASES
from artifacts.models import Release, ReleaseQuerySet, ReleaseTag, SoftwareModule
from artifacts.quotas import storage_usage
from artifacts.reach import holds_for, releases_within
from artifacts.releases import set_notes
from artifacts.tags import set_tags
from auditlog.actor import Actor
from fleet.models import Device
from fleet.pages import PageRequest, page
from fleet.permissions import holds
from fleet.views.acts import attempt
from jobs.models import Job
from query.searching import found_by
from query.selecting import Selection, equal

VIEW = "artifacts.view_release"
PAGE = 50
SHOWN_BUILDS = 10
_BETWEEN_TAGS = re.compile(r"[\s,;]+")


@require_safe
@page(VIEW, within_bounds=True)
def releases(request: PageRequest) -> HttpResponse:
    """All releases, the one changed last first, with how many devices run each."""
    everything = releases_within(request.actor, VIEW, request.organization)
    q, tag = _text(request, "q"), _text(request, "tag").lower()
    selection = _selection(q, tag)
    found = selection.apply(everything).order_by("-modified_at", "-number")
    rows = found.prefetch_related("artifacts", "tags")
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "here": "releases",
        "q": q,
        "tag": tag,
        "selection": selection,
        "page": shown,
        "total": everything.count() if q or tag else shown.paginator.count,
        "tags": _tags(everything),
        "parts": _parts([release.pk for release in shown]),
        "running": _running(request, [release.name for release in shown]),
        "building": _being_built(request),
        "can_upload": request.actor.may_somewhere("artifacts.add_artifact"),
        "used": storage_usage(request.organization),
        "limit": request.organization.storage_limit,
    }
    return render(request, "artifacts/releases.html", context)


@require_safe
@page(VIEW, within_bounds=True)
def release(request: PageRequest, release_id: UUID) -> HttpResponse:
    """One release and the files that it consists of."""
    found = _release(request, release_id, VIEW)
    context = {
        "here": "releases",
        "release": found,
        "tags": [tag.name for tag in found.tags.all()],
        "artifacts": list(found.artifacts.order_by("number")),
        "modules": list(_modules(found)),
        "can_deploy": is_deployable(found),
        "is_complete": is_complete(found),
        "running": _running(request, [found.name]).get(found.name, 0),
        **_rights(request.actor, found),
    }
    return render(request, "artifacts/release.html", context)


@require_POST
@page("artifacts.change_release", within_bounds=True)
def annotate(request: PageRequest, release_id: UUID) -> HttpResponse:
    """Replace the notes, and the tags if the form has them; both or neither."""
    found = _release(request, release_id, "artifacts.change_release")
    notes = request.POST.get("notes", "").replace("\r\n", "\n")
    tags = request.POST.get("tags")

    @transaction.atomic
    def act() -> None:
        if tags is not None:
            words = filter(None, _BETWEEN_TAGS.split(tags))
            set_tags(actor=request.actor, release=found, tags=words)
        set_notes(actor=request.actor, release=found, notes=notes)

    attempt(request, act, "Tags and notes saved.")
    return redirect("release", found.id)


def _release(request: PageRequest, release_id: UUID, permission: str) -> Release:
    reached = releases_within(request.actor, permission, request.organization)
    return get_object_or_404(reached, id=release_id)


def _modules(release: Release) -> QuerySet[SoftwareModule]:
    """Those that are no artifacts, with their files."""
    modules = release.modules.filter(artifact__isnull=True).select_related("type")
    return modules.prefetch_related("files").order_by("number")


def _rights(actor: Actor, release: Release) -> dict[str, bool]:
    """What this person may do to this release."""
    return {
        "can_upload": holds_for(actor, "artifacts.add_artifact", release.pk),
        "can_annotate": holds_for(actor, "artifacts.change_release", release.pk),
        "can_tag": holds(actor, "artifacts.change_release"),
        "can_change": holds_for(actor, "artifacts.change_artifact", release.pk),
        "can_delete": holds_for(actor, "artifacts.delete_artifact", release.pk),
        "can_download": holds_for(actor, "artifacts.view_artifact", release.pk),
    }


def _text(request: PageRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:256]


def _selection(q: str, tag: str) -> Selection:
    """The releases with the text in their name, notes or descriptions, and with the tag."""
    conditions = ([equal("tags", tag)] if tag else []) + ([found_by(q)] if q else [])
    return Selection(RELEASES, tuple(conditions))


def _tags(releases: ReleaseQuerySet) -> list[tuple[str, int]]:
    """Each tag, by name, with how many releases have it; an organization has at most a hundred."""
    tags = ReleaseTag.objects.filter(release__in=releases.values("number")).order_by("name")
    return list(tags.values_list("name").annotate(count=Count("pk")))


def _being_built(request: PageRequest) -> list[dict[str, Any]]:
    """The newest artifacts that are being made of raw files, for who could have asked for all."""
    if not request.actor.may("artifacts.add_artifact"):
        return []
    jobs = Job.objects.filter(kind=GENERATE, organization_id=request.organization.pk)
    unfinished = jobs.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    newest = unfinished.order_by("-created_at")[:SHOWN_BUILDS]
    return [{"name": job.arguments["name"], "job": job.id} for job in newest]


def _parts(releases: list[int]) -> dict[int, dict[str, int]]:
    """How many modules that are no artifacts each of the releases has, and the bytes of these."""
    rows = Release.modules.through.objects.filter(
        release__in=releases, softwaremodule__artifact__isnull=True
    )
    sums = rows.values("release").annotate(
        modules=Count("softwaremodule", distinct=True), size=Sum("softwaremodule__files__size")
    )
    return {row["release"]: {"modules": row["modules"], "size": row["size"] or 0} for row in sums}


def _running(request: PageRequest, names: list[str]) -> dict[str, int]:
    devices = Device.objects.of(request.organization).accepted().filter(software__in=names)
    counts = devices.order_by().values_list("software").annotate(count=Count("number"))
    return dict(counts)
