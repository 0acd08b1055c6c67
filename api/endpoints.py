"""What the job dialects' views share: the order of checks, and one transaction for each write.

A dialect derives its own class, which says who calls and how failures are told.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from auditlog.actor import Actor
from fleet.errors import Forbidden
from fleet.models import Organization
from fleet.permissions import holds, lacking

# Carbon Black's device READ: what everybody who sees devices may.
READ = ("fleet.view_device", "deployments.view_deployment")
# Its org.kits EXECUTE: who runs a job chooses the releases too.
EXECUTE = (
    "deployments.add_deployment",
    "deployments.change_deployment",
    "artifacts.change_release",
)


class Call(HttpRequest):
    """A call that is known to be somebody's, within one organization."""

    actor: Actor
    organization: Organization


class Endpoint(View, ABC):
    """One address: `needs` has the permissions that each of its methods asks for.

    Checked in this order: method, credential, organization and device, permission (Forbidden
    "forbidden"), then whatever the method itself finds. A method is called with the request, a
    `Call`, and what the address names, and gives a response. What is not GET happens in one
    transaction, of which an error leaves nothing, unless the endpoint is not `is_atomic`.
    """

    needs: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    is_atomic: ClassVar[bool] = True

    @abstractmethod
    def identify(self, call: Call, names: Mapping[str, Any]) -> None:
        """Set who acts, and where; raises what `told` knows."""

    @abstractmethod
    def not_allowed(self, allowed: str) -> HttpResponseBase:
        """The answer to a method that is none of `allowed`, a list for the header `Allow`."""

    @abstractmethod
    def told(self, error: Exception) -> HttpResponseBase:
        """The answer to whatever was raised; what nobody expected is logged and called internal."""

    @classmethod
    def as_view(cls, **facts: Any) -> Callable[..., HttpResponseBase]:
        # These APIs know no cookies; `_refuse_other_sites` is for what else a browser sends. Said
        # of the view, so that it holds for a class with a dispatch of its own.
        return csrf_exempt(super().as_view(**facts))

    def dispatch(self, request: HttpRequest, *_args: Any, **names: Any) -> HttpResponseBase:
        call = cast("Call", request)
        try:
            response = self._answer(call, names)
        except Exception as error:  # noqa: BLE001  whatever it is becomes an answer
            response = self.told(error)
        # What a caller does wrong is no warning of ours, and a failure is in the log.
        response._has_been_logged = True  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "no-store")
        if isinstance(response, HttpResponse):
            _mark_length(response)
        return response

    @classmethod
    def allowed(cls) -> str:
        also = {"HEAD", "OPTIONS"} if "GET" in cls.needs else {"OPTIONS"}
        return ", ".join(sorted({*cls.needs, *also}))

    def _answer(self, call: Call, names: dict[str, Any]) -> HttpResponseBase:
        method = "GET" if call.method == "HEAD" else str(call.method)
        if method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": self.allowed()})
        if method not in self.needs:
            return self.not_allowed(self.allowed())
        self.identify(call, names)
        if method != "GET":
            _refuse_other_sites(call)
        for permission in self.needs[method]:
            if not holds(call.actor, permission):
                raise lacking(call.actor, permission)
        view = getattr(self, method.lower())
        if method == "GET" or not self.is_atomic:
            return cast("HttpResponseBase", view(call, **names))
        # Read before the transaction begins, which no slow caller is to keep open.
        _ = call.body
        with transaction.atomic():
            return cast("HttpResponseBase", view(call, **names))


def _refuse_other_sites(call: Call) -> None:
    """A browser that was once given a password sends it along whatever page makes it call.

    It also says whose page that is; a script says nothing. Raises Forbidden "other_site".
    """
    if call.META.get("HTTP_SEC_FETCH_SITE", "none") not in {"same-origin", "none"}:
        raise Forbidden("other_site", "A page of another site may not change anything here.")


def _mark_length(response: HttpResponse) -> None:
    if not response.content:
        response.headers.pop("Content-Type", None)
    if response.status_code not in {204, 304}:
        response.headers.setdefault("Content-Length", str(len(response.content)))
