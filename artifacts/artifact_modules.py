"""An artifact as the software module that it also is."""

from artifacts.default_types import types_of_format
from artifacts.models import Artifact, Release, SoftwareModule
from auditlog.actor import Actor
from fleet.errors import Conflict


def make_module(artifact: Artifact, actor: Actor) -> SoftwareModule:
    """Make it, as part of the artifact's release; it goes with the artifact."""
    module_type, _ = types_of_format(artifact.organization_id, artifact.format)
    by = actor.name[:512]
    module = SoftwareModule.objects.create(
        organization_id=artifact.organization_id,
        type=module_type,
        name=artifact.release.name,
        version=artifact.release.version or artifact.release.name,
        artifact=artifact,
        created_at=artifact.created_at,
        created_by=by,
        modified_at=artifact.modified_at,
        modified_by=by,
    )
    artifact.release.modules.add(module)
    return module


def require_unshared(artifact: Artifact) -> None:
    """Raises Conflict("artifact_in_use") while another release has it as a module."""
    others = Release.objects.filter(modules__artifact=artifact, deleted_at__isnull=True)
    if others.exclude(pk=artifact.release_id).exists():
        raise Conflict(
            "artifact_in_use",
            "Another release has the artifact as a module",
            details={"deployments": []},
        )
