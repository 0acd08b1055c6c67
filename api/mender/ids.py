"""The ids in paths and bodies, and what they stand for in the caller's organization."""

import re
from uuid import UUID

from api.mender.requests import UserRequest
from artifacts.models import Artifact, Release
from artifacts.reach import artifacts_within, releases_within
from deployments.models import Deployment
from fleet.errors import Invalid, NotFound
from fleet.models import Device
from fleet.reach import require_for

CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NOBODY = UUID(int=0)


def uuid_of(text: object) -> UUID:
    """For what is no UUID in its usual spelling one that nothing has."""
    return UUID(text) if isinstance(text, str) and CANONICAL.fullmatch(text) else NOBODY


def valid_uuid(text: object) -> UUID:
    """For the endpoints that document 400; raises Invalid("invalid_id")."""
    found = uuid_of(text)
    if found == NOBODY:
        raise Invalid("invalid_id", "ID is not a valid UUID")
    return found


def device_of(request: UserRequest, device_id: str) -> Device:
    """Raises NotFound("device_not_found")."""
    found = Device.objects.of(request.organization).filter(id=uuid_of(device_id)).first()
    if found is None:
        raise NotFound("device_not_found", "device not found")
    return found


def reachable_device_of(
    request: UserRequest, device_id: str, permission: str = "fleet.view_device"
) -> Device:
    """A device for which the caller holds the permission; raises NotFound, else Forbidden."""
    found = device_of(request, device_id)
    require_for(request.actor, permission, found)
    return found


def deployment_of(request: UserRequest, deployment_id: str) -> Deployment:
    """Raises NotFound("deployment_not_found")."""
    found = Deployment.objects.of(request.organization).filter(id=uuid_of(deployment_id)).first()
    if found is None:
        raise NotFound("deployment_not_found", "Deployment not found")
    return found


def artifact_of(request: UserRequest, artifact_id: str, permission: str) -> Artifact:
    """One that the caller's permission reaches; raises NotFound("artifact_not_found")."""
    artifacts = artifacts_within(request.actor, permission, request.organization)
    found = artifacts.select_related("release").filter(id=uuid_of(artifact_id)).first()
    if found is None:
        raise NotFound("artifact_not_found", "Artifact not found")
    return found


def release_of(request: UserRequest, name: str, permission: str) -> Release:
    """One that the caller's permission reaches; raises NotFound("release_not_found")."""
    releases = releases_within(request.actor, permission, request.organization)
    found = releases.filter(name=name).prefetch_related("artifacts", "tags").first()
    if found is None:
        raise NotFound("release_not_found", "release not found")
    return found
