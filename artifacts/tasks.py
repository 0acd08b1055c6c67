"""Work of the artifacts that nobody waits for, and work that comes round."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from artifacts.digests import fill_in_missing
from artifacts.direct import TAKE_IN, take_in
from artifacts.fetching_images import FETCH, fetch
from artifacts.generating import GENERATE, build
from artifacts.models import Artifact, PendingUpload
from artifacts.pending import discard
from artifacts.sweeping import sweep_abandoned, sweep_pending
from artifacts.sweeping_images import sweep_images
from fleet.errors import DomainError
from jobs.handlers import Hopeless, handles
from jobs.models import Job
from jobs.periodic import every

every(seconds=300, name="artifacts.fill_in_digests")(fill_in_missing)
every(seconds=300, name="artifacts.sweep_abandoned")(sweep_abandoned)
every(seconds=300, name="artifacts.sweep_pending")(sweep_pending)
every(seconds=60, name="artifacts.sweep_images")(sweep_images)

handles(FETCH, is_slow=True)(fetch)


@handles(GENERATE)
def generate(job: Job) -> dict[str, Any]:
    return _settle(job, build)


@handles(TAKE_IN)
def read_direct_upload(job: Job) -> dict[str, Any]:
    return _settle(job, take_in)


def _settle(job: Job, make: Callable[[PendingUpload], Artifact]) -> dict[str, Any]:
    """Make the artifact, or drop what it was to be made of and say why."""
    artifact_id = UUID(job.arguments["upload"])
    upload = PendingUpload.objects.select_related("organization").filter(pk=artifact_id).first()
    if upload is not None:
        try:
            make(upload)
        except DomainError as refusal:
            discard(upload)
            _require_made(artifact_id, refusal.message)
    return _require_made(artifact_id, job.error or "The file is not there any more.")


def _require_made(artifact_id: UUID, otherwise: str) -> dict[str, Any]:
    """What was made, be it by an earlier attempt; raises Hopeless."""
    artifact = Artifact.objects.select_related("release").filter(id=artifact_id).first()
    if artifact is None:
        raise Hopeless(otherwise)
    return {"artifact": str(artifact.id), "release": str(artifact.release.id)}
