"""The poll of hawkBit's devices, answered in front of Django: one query and the answer."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.encoding import repercent_broken_unicode

from api.addresses import base_url
from api.hawkbit.ddi.poll import Poll, Reply, answer
from api.hawkbit.errors import failure_of
from api.lanes import BareRequest, begin_answer, on_standing_connection
from fleet.addresses import client_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = re.compile(r"/([^/]+)/controller/v1/([^/]+)")


class FastLane:
    """WSGI middleware that answers polls and hands on the rest."""

    def __init__(self, application: "WSGIApplication") -> None:
        self.application = application

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = PATH.fullmatch(environ.get("PATH_INFO", ""))
        if path is None or environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        reply = _answer(environ, *path.groups())
        headers = list(reply.headers.items())
        return begin_answer(start_response, reply.status, headers, reply.body)


def _answer(environ: "WSGIEnvironment", tenant: str, controller_id: str) -> Reply:
    request = BareRequest(environ)
    try:
        poll = Poll(
            meta=environ,
            tenant=_text(tenant),
            controller_id=_text(controller_id),
            client=client_address(request),
            base=lambda: base_url(request),
        )
        return on_standing_connection(lambda: answer(poll))
    except Exception as error:  # noqa: BLE001  the lane answers for everything it raises
        failure = failure_of(error)
        body = failure.body()
        headers = failure.headers | ({"Content-Type": "application/json"} if body else {})
        return Reply(failure.status, headers, body)


def _text(part: str) -> str:
    """WSGI hands over the bytes of a path as if they were Latin-1; Django reads them so too."""
    return repercent_broken_unicode(part.encode("latin-1")).decode()
