"""What all views of this API share: who calls, and how failures are told."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api.digi.authentication import identify
from api.digi.errors import Refused, error_response
from api.endpoints import Call, Endpoint
from api.json_bodies import encode


class Resource(Endpoint):
    """One address. Parameters in the query that nobody knows are passed over, and so are bodies.

    A method may raise what the domain raises, QueryError and Refused.
    """

    def identify(self, call: Call, names: Mapping[str, Any]) -> None:
        identify(call)

    def not_allowed(self, allowed: str) -> HttpResponseBase:
        return error_response(
            Refused(405, f"This address takes {allowed} and no other method", Allow=allowed)
        )

    def told(self, error: Exception) -> HttpResponseBase:
        return error_response(error)


@method_decorator(csrf_exempt, name="dispatch")
class Nowhere(View):
    """Where every path below /ws/ leads that nobody knows."""

    def dispatch(self, request: HttpRequest, *_args: Any, **_names: Any) -> HttpResponseBase:
        response = error_response(Refused(404, "There is nothing at this address"))
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


def answered(data: Any, *, status: int = 200) -> HttpResponse:
    """The data as JSON."""
    return HttpResponse(encode(data), status=status, content_type="application/json")


def done() -> HttpResponse:
    """204: nothing more to say."""
    return HttpResponse(status=204)


def parameter(call: Call, name: str) -> str:
    """What the query says of it, "" where nothing; raises Refused (400) for the NUL character."""
    text = call.GET.get(name, "")
    if "\0" in text:
        raise Refused(400, f"{name}: a text cannot contain the NUL character")
    return text
