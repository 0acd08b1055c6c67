"""Serves an artifact to whoever holds a signed link: whole, from where it broke off, or not."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from artifacts.links import check_link
from artifacts.models import Artifact
from artifacts.serving import Content, plain, serve
from fleet.errors import Forbidden

CONTENT_TYPE = "application/vnd.mender-artifact"


@csrf_exempt
@require_safe
def download(request: HttpRequest, artifact_id: UUID, name: str) -> HttpResponseBase:
    """GET and HEAD of what `artifacts.links.signed_path` makes; no other proof is asked for."""
    expires, signature = request.GET.get("expires", ""), request.GET.get("signature", "")
    try:
        check_link(artifact_id, name, expires, signature)
        return serve(request, _content(Artifact.objects.get(id=artifact_id), name))
    except Forbidden as refusal:
        return plain(403, refusal.message)
    except (Artifact.DoesNotExist, FileNotFoundError):
        return plain(404, "This artifact has been deleted.")


def _content(artifact: Artifact, name: str) -> Content:
    return Content(
        file=artifact.file,
        filename=name,
        size=artifact.size,
        digest=artifact.sha256,
        created_at=artifact.created_at,
        content_type=CONTENT_TYPE,
    )
