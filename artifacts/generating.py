"""Wraps a raw file into a .mender artifact: the request for it, and the job that does it."""

from dataclasses import asdict
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from artifacts.fitting import fits_of
from artifacts.models import Artifact, Fit, PendingUpload, Release
from artifacts.operations import add_artifact
from artifacts.pending import actor_of, ask_for_job
from artifacts.quotas import require_storage
from artifacts.reach import require_for
from artifacts.recipes import Recipe, check, write
from artifacts.storage import Incoming, path_of
from auditlog.actor import Actor
from fleet.errors import Conflict
from fleet.permissions import holds, lacking, require_somewhere

GENERATE = "artifacts.generate"
PATIENCE = timedelta(days=1)


def request_generation(*, actor: Actor, incoming: Incoming, recipe: Recipe) -> PendingUpload:
    """Keep the raw file that has come in, and enqueue the job that wraps it.

    The artifact will have the id of what is returned. Not inside a transaction. The file is
    deleted, whatever is raised: Forbidden, Invalid (see `recipes.check`),
    Conflict("artifact_not_unique"), LimitReached("storage_quota").
    """
    with incoming.kept_with_its_row():
        _require_may(actor, incoming, recipe.name)
        check(recipe)
        incoming.sync()
        with transaction.atomic(durable=True):
            require_storage(incoming.organization_id, incoming.size)
            _require_unique(incoming, recipe)
            upload = PendingUpload(
                organization_id=incoming.organization_id,
                purpose=PendingUpload.Purpose.GENERATE,
                file=incoming.file,
                size=incoming.size,
                facts={"recipe": asdict(recipe)},
                expires_at=timezone.now() + PATIENCE,
            )
            ask_for_job(GENERATE, actor=actor, upload=upload, name=recipe.name)
            upload.save(force_insert=True)
    return upload


def build(upload: PendingUpload) -> Artifact:
    """Write the artifact and add it as the person who asked; raises as `add_artifact` does."""
    recipe = Recipe(**upload.facts["recipe"])
    with Incoming(upload.organization, replacing=upload.size) as incoming:
        raw = path_of(upload.file)
        incoming.fill(partial(write, recipe=recipe, raw=raw, modified=upload.created_at))
        return add_artifact(
            actor=actor_of(upload),
            incoming=incoming,
            description=recipe.description,
            upload=upload,
        )


def _require_may(actor: Actor, incoming: Incoming, name: str) -> None:
    """Who may only add to releases with some tags cannot begin a new one."""
    require_somewhere(actor, "artifacts.add_artifact")
    if holds(actor, "artifacts.add_artifact"):
        return
    releases = Release.objects.of(incoming.organization_id)
    number = releases.filter(name=name).values_list("pk", flat=True).first()
    if number is None:
        raise lacking(actor, "artifacts.add_artifact")
    require_for(actor, "artifacts.add_artifact", number)


def _require_unique(incoming: Incoming, recipe: Recipe) -> None:
    """Neither an artifact nor one that is being made may fit the same, as far as is known now."""
    fits = fits_of(recipe.device_types, {})
    there = Fit.objects.filter(
        release__organization=incoming.organization_id,
        release__name=recipe.name,
        depends_digest=next(iter(fits))[1],
        device_type__in=recipe.device_types,
    )
    coming = PendingUpload.objects.filter(
        organization=incoming.organization_id,
        purpose=PendingUpload.Purpose.GENERATE,
        facts__recipe__name=recipe.name,
    )
    types = set(recipe.device_types)
    if there.exists() or any(types & set(each.facts["recipe"]["device_types"]) for each in coming):
        raise Conflict("artifact_not_unique", "Artifact not unique", field="name")
