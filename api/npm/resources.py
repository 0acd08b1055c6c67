"""What all views of this API share: the appliance it is about, and how failures are told."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api.endpoints import EXECUTE, Call, Endpoint
from api.json_bodies import check_media_type, decode, encode
from api.npm.addressing import device_of
from api.npm.authentication import identify
from api.npm.errors import error_response, invalid_input, not_allowed, not_found
from fleet.errors import Invalid
from fleet.models import Device


class Address(Endpoint):
    """One address, of the appliance that the path may name as `appliance`."""

    appliance: str | None

    def dispatch(self, request: HttpRequest, *_args: Any, **names: Any) -> HttpResponseBase:
        self.appliance = names.pop("appliance", None)
        return super().dispatch(request, **names)

    def not_allowed(self, allowed: str) -> HttpResponseBase:
        return error_response(not_allowed(allowed))

    def told(self, error: Exception) -> HttpResponseBase:
        return error_response(error)


class PublicResource(Address):
    """What is the same for every appliance, and is asked before any credential is sent."""

    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"GET": ()}

    def identify(self, call: Call, names: Mapping[str, Any]) -> None:
        pass


class Resource(Address):
    """Something of an appliance: `device` is the one that the host or the path names.

    A method gets what else the path names. It may raise what the domain raises, and Refused.
    """

    device: Device

    def identify(self, call: Call, names: Mapping[str, Any]) -> None:
        identify(call)
        self.device = device_of(call, self.appliance)


class Verb(Resource):
    """What is done to a resource: by POST or, as in Riverbed's sibling services, by PUT."""

    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {"POST": EXECUTE, "PUT": EXECUTE}

    def put(self, call: Call, **names: Any) -> HttpResponseBase:
        answer: HttpResponseBase = self.post(call, **names)  # type: ignore[attr-defined]
        return answer


@method_decorator(csrf_exempt, name="dispatch")
class Nowhere(View):
    """Where every path below the bases of this API leads that nobody knows."""

    def dispatch(self, request: HttpRequest, *_args: Any, **_names: Any) -> HttpResponseBase:
        return error_response(not_found())


def answered(data: Any) -> HttpResponse:
    """The data as JSON."""
    return HttpResponse(encode(data), content_type="application/json")


def nothing() -> HttpResponse:
    return HttpResponse(status=204)


def body_of(call: Call, *, is_required: bool) -> dict[str, Any]:
    """The object that came; nothing is an empty one unless it `is_required`.

    Raises Refused (400), WrongMediaType, RequestDataTooBig.
    """
    check_media_type(call.META.get("CONTENT_TYPE", ""), call.body)
    if not call.body.strip() and not is_required:
        return {}
    try:
        body = decode(call.body)
    except Invalid as malformed:
        raise invalid_input(malformed.message) from None
    if not isinstance(body, dict):
        raise invalid_input("The body must be a JSON object.")
    return body
