"""The ids in paths and bodies, and what they stand for in the caller's organization."""

import re
from uuid import UUID

from api.mender.requests import UserRequest
from artifacts.models import Artifact
from deployments.models import Deployment
from fleet.errors import Invalid, NotFound
from fleet.models import Device

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


def deployment_of(request: UserRequest, deployment_id: str) -> Deployment:
    """Raises NotFound("deployment_not_found")."""
    found = Deployment.objects.of(request.organization).filter(id=uuid_of(deployment_id)).first()
    if found is None:
        raise NotFound("deployment_not_found", "Deployment not found")
    return found


def artifact_of(request: UserRequest, artifact_id: str) -> Artifact:
    """Raises NotFound("artifact_not_found")."""
    artifacts = Artifact.objects.of(request.organization).select_related("release")
    found = artifacts.filter(id=uuid_of(artifact_id)).first()
    if found is None:
        raise NotFound("artifact_not_found", "Artifact not found")
    return found
