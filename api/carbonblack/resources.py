"""What all views of this API share: the organization in the path, and how failures are told."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api.carbonblack.authentication import identify
from api.carbonblack.bodies import read_long_body
from api.carbonblack.error_codes import Code
from api.carbonblack.errors import Refused, error_response, forbidden, not_found
from api.endpoints import EXECUTE, READ, Call, Endpoint
from api.json_bodies import encode
from fleet.errors import Forbidden

# What the permissions are called in Carbon Black's access levels.
ACCESS_LEVELS = {READ: "device READ", EXECUTE: "org.kits EXECUTE"}


class Resource(Endpoint):
    """One address below an organization, whose key the path has as `org_key`.

    A method gets what else the path names. It may raise what the domain raises, and Refused.
    `takes_long_bodies` where a body may name each of 250,000 devices.
    """

    takes_long_bodies: ClassVar[bool] = False
    org_key: str

    def dispatch(self, request: HttpRequest, *_args: Any, **names: Any) -> HttpResponseBase:
        self.org_key = names.pop("org_key")
        return super().dispatch(request, **names)

    def identify(self, call: Call, names: Mapping[str, Any]) -> None:
        identify(call, self.org_key)
        if self.takes_long_bodies:
            read_long_body(call)

    def not_allowed(self, allowed: str) -> HttpResponseBase:
        message = f"The method is not one of {allowed}"
        headers = {"Allow": allowed}
        return error_response(
            Refused(Code.METHOD_NOT_ALLOWED, message, status=405, headers=headers)
        )

    def told(self, error: Exception) -> HttpResponseBase:
        if isinstance(error, Forbidden) and error.code == "forbidden":
            level = ACCESS_LEVELS[cast("tuple[str, str]", self.needs[self._method()])]
            error = forbidden(f"The access level lacks {level}", [level])
        return error_response(error)

    def _method(self) -> str:
        return "GET" if self.request.method == "HEAD" else str(self.request.method)


@method_decorator(csrf_exempt, name="dispatch")
class Nowhere(View):
    """Where every path below the bases of this API leads that nobody knows."""

    def dispatch(self, request: HttpRequest, *_args: Any, **_names: Any) -> HttpResponseBase:
        return error_response(not_found())


def answered(data: Any, status: int = 200) -> HttpResponse:
    """The data as JSON."""
    return HttpResponse(encode(data), status=status, content_type="application/json")


def nothing() -> HttpResponse:
    return HttpResponse(status=204)
