"""A device fetches its configuration as an artifact, by the link that its poll was answered with.

Source: Mender API, Deployments (device), Fetch Configuration.
"""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse

from api.mender.errors import Refused
from api.mender.ids import uuid_of
from artifacts.downloads import CONTENT_TYPE
from artifacts.ranges import Unsatisfiable, Validators, wanted_range
from deployments.configuration_artifacts import configuration_artifact
from deployments.configuration_links import verify
from deployments.models import Deployment
from fleet.errors import NotFound

FILE_NAME = "artifact.mender"


def download(
    request: HttpRequest, deployment_id: str, device_type: str, device_id: str
) -> HttpResponse:
    """The link is proof enough; whole, or from where it broke off."""
    verify(
        deployment_id=deployment_id,
        device_type=device_type,
        device_id=device_id,
        tenant_id=request.GET.get("tenant_id", ""),
        expires=request.GET.get("x-men-expire", ""),
        signature=request.GET.get("x-men-signature", ""),
    )
    deployment = Deployment.objects.filter(
        id=uuid_of(deployment_id), kind=Deployment.Kind.CONFIGURATION
    ).first()
    if deployment is None:
        raise NotFound("deployment_not_found", "Deployment not found")
    content = configuration_artifact(deployment, device_type)
    current = Validators(f'"{sha256(content).hexdigest()}"', int(deployment.created_at.timestamp()))
    response = _part(request, content, current)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-transform"
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    response.headers["ETag"] = current.etag
    return response


def _part(request: HttpRequest, content: bytes, current: Validators) -> HttpResponse:
    size = len(content)
    try:
        # Only GET knows ranges (RFC 9110 §14.2).
        part = wanted_range(request.headers, current, size) if request.method == "GET" else None
    except Unsatisfiable:
        raise Refused(
            416, "the artifact has no such bytes", {"Content-Range": f"bytes */{size}"}
        ) from None
    if part is None:
        return HttpResponse(content, content_type=CONTENT_TYPE)
    response = HttpResponse(content[part.start : part.stop], CONTENT_TYPE, status=206)
    response.headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return response
