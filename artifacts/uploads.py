"""Takes a file from whoever holds a signed link: the body as it is, counted or in chunks."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from artifacts.direct import awaited, receive
from artifacts.links import check_link
from artifacts.receiving import CHUNK, hear_out
from artifacts.storage import Incoming
from fleet.errors import Conflict, DomainError, Forbidden, LimitReached, NotFound

STATUS = {Forbidden: 403, NotFound: 404, Conflict: 409, LimitReached: 413}


@csrf_exempt
@require_http_methods(["PUT"])
def upload_directly(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """PUT to what `artifacts.links.signed_upload_url` makes; no other proof is asked for."""
    try:
        expires, signature = request.GET.get("expires", ""), request.GET.get("signature", "")
        check_link(upload_id, None, expires, signature)
        upload = awaited(upload_id)
        with Incoming(upload.organization) as incoming:
            incoming.require_room(_announced(request))
            while chunk := request.read(CHUNK):
                incoming.write(chunk)
            receive(upload=upload, incoming=incoming)
    except DomainError as refusal:
        hear_out(request)
        return _plain(STATUS[type(refusal)], refusal.message)
    except UnreadablePostError:
        return _plain(400, "The upload broke off.")
    return HttpResponse(headers={"ETag": f'"{incoming.sha256}"'})


def _announced(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def _plain(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence + "\n", status=status, content_type="text/plain")
