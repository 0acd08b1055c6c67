"""One path of the dialect: which view answers which method, and how every answer is finished."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from api.mender.errors import Refused, error_response
from api.mender.request_ids import HEADER, META, request_id

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True, eq=False)  # hashed by the URL resolver
class Resource:
    """What a route leads to: `views` by method.

    Another method is 405, OPTIONS names the methods, whatever is raised becomes Mender's error
    body, and each answer carries the id of its request. A bearer token cannot be forged across
    sites as a session cookie can, and the JWT cookie counts for GET only: no CSRF check.
    """

    views: Mapping[str, View]
    csrf_exempt = True

    def __call__(self, request: HttpRequest, **arguments: str) -> HttpResponseBase:
        return finished(request, lambda: self._answer(request, arguments))

    @property
    def allowed(self) -> str:
        also = {"HEAD", "OPTIONS"} if "GET" in self.views else {"OPTIONS"}
        return ", ".join(sorted(also | set(self.views)))

    def _answer(self, request: HttpRequest, arguments: dict[str, str]) -> HttpResponseBase:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": self.allowed})
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method not in self.views:
            raise Refused(405, "method not allowed", {"Allow": self.allowed})
        if any("\0" in value for value in arguments.values()):
            raise Refused(404, "not found")
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise Refused(400, "a query parameter contains the NUL character")
        return self.views[method](request, **arguments)


def resource(**views: View) -> Any:
    """`resource(GET=show, PUT=change)`, to stand in a URLconf."""
    return Resource(views)


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponseBase:
    """Where every path leads that nobody knows."""
    return finished(request, _refuse_path)


def finished(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `answer` gives or the error it raises, with the id of the request."""
    known_as = request_id(request.META.get(META))
    try:
        response = answer()
    except Exception as error:  # noqa: BLE001  the dialect answers for everything it raises
        response = error_response(error, known_as)
    response.headers[HEADER] = known_as
    if isinstance(response, HttpResponse):
        _describe_content(response)
    return response


def _describe_content(response: HttpResponse) -> None:
    """Say how long it is, or the server would cut even the shortest answer into chunks."""
    if not response.content:
        response.headers.pop("Content-Type", None)
    if response.status_code != 204:
        response.headers["Content-Length"] = str(len(response.content))


def _refuse_path() -> HttpResponseBase:
    raise Refused(404, "not found")
