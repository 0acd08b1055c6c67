"""The deployment that a path names, if the caller's permission reaches it."""

from api.mender.ids import deployment_of
from api.mender.requests import UserRequest
from deployments.models import Deployment
from deployments.reach import require_for

VIEW, CHANGE = "deployments.view_deployment", "deployments.change_deployment"


def visible_deployment(request: UserRequest, deployment_id: str) -> Deployment:
    """Raises NotFound("deployment_not_found"), Forbidden."""
    return _reached(request, deployment_id, VIEW)


def changeable_deployment(request: UserRequest, deployment_id: str) -> Deployment:
    """Raises NotFound("deployment_not_found"), Forbidden."""
    return _reached(request, deployment_id, CHANGE)


def _reached(request: UserRequest, deployment_id: str, permission: str) -> Deployment:
    found = deployment_of(request, deployment_id)
    require_for(request.actor, permission, found)
    return found
