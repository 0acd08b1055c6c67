"""Artifacts and releases as Mender's deployments service shows them."""

from datetime import datetime
from typing import Any

from api.mender.times import stamp
from artifacts.models import Artifact, Release


def artifact_shape(artifact: Artifact) -> dict[str, Any]:
    """Wants `release` selected, where there are many."""
    return {
        "id": str(artifact.id),
        "name": artifact.release.name,
        "description": artifact.description,
        "device_types_compatible": artifact.device_types,
        "info": {"format": artifact.format, "version": artifact.format_version},
        "signed": bool(artifact.signature),
        "updates": [_update_shape(payload) for payload in artifact.payloads],
        "artifact_provides": artifact.provides,
        "artifact_depends": artifact.depends,
        "clears_artifact_provides": artifact.clears,
        "size": artifact.size,
        "modified": stamp(artifact.modified_at),
    }


def release_shape(release: Release) -> dict[str, Any]:
    """Wants `artifacts` and `tags` prefetched, where there are many."""
    artifacts = [artifact_shape(artifact) for artifact in release.artifacts.all()]
    return {
        "name": release.name,
        "modified": stamp(release.modified_at),
        "notes": release.notes,
        "tags": [tag.name for tag in release.tags.all()],
        "artifacts": artifacts,
        "artifacts_count": len(artifacts),
    }


def release_shape_v1(release: Release) -> dict[str, Any]:
    """The same under the names of the documentation and those of the real server."""
    shape = release_shape(release)
    return {
        **shape,
        "Name": shape["name"],
        "Modified": shape["modified"],
        "Artifacts": shape["artifacts"],
        "ArtifactsCount": shape["artifacts_count"],
    }


def _update_shape(payload: dict[str, Any]) -> dict[str, Any]:
    """One payload. Typed clients disagree on `meta_data`: pairs suit them, none suits all."""
    metadata = payload.get("metadata") or {}
    pairs = [{"Key": key, "Value": value} for key, value in metadata.items()]
    return {
        "type_info": {"type": payload.get("type") or ""},
        "files": [_file_shape(file) for file in payload.get("files") or []] or None,
        "metadata": metadata,
        **({"meta_data": pairs} if pairs else {}),
    }


def _file_shape(file: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": file["name"],
        "checksum": file["sha256"],
        "size": file["size"],
        "date": stamp(datetime.fromisoformat(file["modified"])),
    }
