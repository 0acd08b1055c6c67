"""What all views of this API share: who may, what is taken and given, how failures are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api.hawkbit.authentication import identify
from api.hawkbit.entity_tags import entity_tag, is_known
from api.hawkbit.errors import bare, before, error_response, not_readable
from api.hawkbit.negotiation import HAL, JSON, acceptable
from api.hawkbit.requests import Call, require_media_type
from api.hawkbit.rights import PERMISSIONS, Right, holds
from api.json_bodies import encode
from fleet.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Answer:
    """What a view answers with another status than 200; `data` None is an empty body."""

    status: int
    data: Any = None


CREATED, NO_CONTENT = 201, 204
NOTHING = Answer(NO_CONTENT)


# No browser sends the credentials of this API by itself.
@method_decorator(csrf_exempt, name="dispatch")
class Resource(View):
    """One address. `needs` has an entry for each method, with the rights that it asks for.

    A method is called with the request, a `Call`, and what the address names. It gives data, which
    is told as JSON with status 200, an Answer, or a response. Those in `bodies` take a JSON body:
    without its media type they answer 415. It may raise what the domain raises, and Refused. What
    is not GET happens in one transaction, of which an error leaves nothing, unless the resource is
    not `is_atomic`: files come in slowly. `offered` are the media types of its answers.
    """

    needs: ClassVar[Mapping[str, tuple[Right, ...]]] = {}
    bodies: ClassVar[frozenset[str]] = frozenset({"POST", "PUT"})
    is_atomic: ClassVar[bool] = True
    offered: ClassVar[tuple[str, ...]] = (HAL, JSON)

    def dispatch(self, request: HttpRequest, *_args: Any, **names: Any) -> HttpResponseBase:
        call = cast("Call", request)
        try:
            response = self._answer(call, names)
        except Exception as error:  # noqa: BLE001  whatever it is becomes an answer
            response = error_response(error)
        return conditional(request, response)

    @classmethod
    def allowed(cls) -> str:
        also = {"HEAD", "OPTIONS"} if "GET" in cls.needs else {"OPTIONS"}
        return ", ".join(sorted({*cls.needs, *also}))

    def _answer(self, call: Call, names: dict[str, Any]) -> HttpResponseBase:
        identify(call)
        method = "GET" if call.method == "HEAD" else str(call.method)
        if method == "OPTIONS":
            return HttpResponse(headers={"Allow": self.allowed()})
        if method not in self.needs:
            raise before(405, Allow=self.allowed())
        media_type = acceptable(call.META.get("HTTP_ACCEPT", ""), self.offered)
        for right in self.needs[method]:
            if not holds(call.actor, right):
                raise Forbidden("forbidden", f"This call needs {right} ({PERMISSIONS[right]}).")
        if method in self.bodies:
            require_media_type(call)
            # Read before the transaction begins, which no slow caller is to keep open.
            _ = call.body
        refuse_nul(call, names)
        if None in names.values():
            raise not_readable()
        result = self._perform(method, call, names)
        if isinstance(result, HttpResponseBase):
            return result
        answer = result if isinstance(result, Answer) else Answer(200, result)
        return answered(answer, media_type)

    def _perform(self, method: str, call: Call, names: dict[str, Any]) -> Any:
        view = getattr(self, method.lower())
        if method == "GET" or not self.is_atomic:
            return view(call, **names)
        with transaction.atomic():
            return view(call, **names)


class Nowhere(Resource):
    """Where every path below /rest/v1 leads that nobody knows."""

    def _answer(self, call: Call, names: dict[str, Any]) -> HttpResponseBase:
        identify(call)
        raise bare(404)


def answered(answer: Answer, media_type: str) -> HttpResponse:
    """The answer as a response of that media type."""
    if answer.data is None:
        response = HttpResponse(status=answer.status)
        del response.headers["Content-Type"]
        return response
    return HttpResponse(encode(answer.data), status=answer.status, content_type=media_type)


def conditional(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """With an entity tag and its length; 304 where the caller has just that (hawkBit: ETag)."""
    if not isinstance(response, HttpResponse):
        return response
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.setdefault("Vary", "Accept, Authorization")
    if response.status_code == 200 and request.method in {"GET", "HEAD"}:
        response.headers.setdefault("ETag", entity_tag(response.content))
        if is_known(request.META.get("HTTP_IF_NONE_MATCH", ""), response.headers["ETag"]):
            return _not_modified(response)
    if not response.content:
        response.headers.pop("Content-Type", None)
    if response.status_code not in {204, 304}:
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response


def _not_modified(response: HttpResponse) -> HttpResponse:
    kept = {name: response.headers[name] for name in ("ETag", "Cache-Control", "Vary")}
    not_modified = HttpResponse(status=304, headers=kept)
    del not_modified.headers["Content-Type"]
    return not_modified


def refuse_nul(request: HttpRequest, names: Mapping[str, Any]) -> None:
    """No database takes the NUL character, and no name has it; raises Refused (400)."""
    in_path = (value for value in names.values() if isinstance(value, str))
    in_query = (text for name, values in request.GET.lists() for text in (name, *values))
    if any("\0" in text for text in (*in_path, *in_query)):
        raise not_readable()
