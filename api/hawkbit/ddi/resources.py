"""What all calls of devices share: who calls, what is taken and given, how failures are told."""

from typing import Any, ClassVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from api.addresses import base_url
from api.hawkbit.ddi.content import encoded, media_type_for
from api.hawkbit.ddi.poll import LONGEST_ID, VIA
from api.hawkbit.ddi.proofs import prove
from api.hawkbit.ddi.shapes import root_of
from api.hawkbit.errors import bare, before, error_response, not_found, not_readable
from api.hawkbit.resources import Answer, conditional, refuse_nul
from auditlog.actor import Actor, ActorKind
from fleet import presence
from fleet.addresses import client_address
from fleet.models import Device, Organization
from fleet.policies import Policies, policies_of
from fleet.states import Admission
from fleet.tenants import tenant_of
from fleet.throttling import throttle_device

DONE = Answer(200)


class DeviceCall(HttpRequest):
    """A call of a device that has proved itself; `root` is the address it has here."""

    device: Device
    organization: Organization
    policies: Policies
    root: str


@method_decorator(csrf_exempt, name="dispatch")
class DeviceResource(View):
    """One address below a device; `methods` are those it has.

    A method is called with the request, a `DeviceCall`, and what the address names beyond the
    device. It gives data, which is told as JSON or CBOR with status 200, an Answer, or a response:
    what `is_file` is sent whatever the caller accepts.
    """

    methods: ClassVar[frozenset[str]] = frozenset()
    is_file: ClassVar[bool] = False

    def dispatch(
        self, request: HttpRequest, tenant: str, controller_id: str, **names: Any
    ) -> HttpResponseBase:
        call = cast("DeviceCall", request)
        try:
            response = self._answer(call, tenant, controller_id, names)
        except Exception as error:  # noqa: BLE001  whatever it is becomes an answer
            response = error_response(error)
        return conditional(request, response)

    def identify(self, call: DeviceCall, tenant: str, controller_id: str) -> None:
        identify(call, tenant, controller_id)

    def require_method(self, call: DeviceCall) -> str:
        """The method that answers the call; raises Refused (405)."""
        method = "GET" if call.method == "HEAD" else str(call.method)
        if method not in self.methods:
            also = {"HEAD"} if "GET" in self.methods else set()
            raise before(405, Allow=", ".join(sorted(self.methods | also)))
        return method

    def _answer(
        self, call: DeviceCall, tenant: str, controller_id: str, names: dict[str, Any]
    ) -> HttpResponseBase:
        if "\0" in tenant + controller_id or len(controller_id) > LONGEST_ID:
            raise bare(400)
        self.identify(call, tenant, controller_id)
        method = self.require_method(call)
        refuse_nul(call, names)
        if None in names.values():
            raise not_readable()
        if method == "GET" and not self.is_file:
            media_type_for(call.META.get("HTTP_ACCEPT", ""))
        call.root = root_of(base_url(call), tenant, controller_id)
        result = getattr(self, method.lower())(call, **names)
        if isinstance(result, HttpResponseBase):
            return result
        return _answered(result, call)


def identify(
    call: DeviceCall, tenant: str, controller_id: str, *, is_download: bool = False
) -> None:
    """Set who calls; raises Refused (401, or 404 for one that could register and has not).

    A download needs no proof where the organization has it so.
    """
    organization = tenant_of(tenant)
    if organization is None:
        raise bare(401)
    devices = Device.objects.of(organization).select_related("security_token")
    device = devices.filter(controller_id=controller_id).first()
    policies = policies_of(organization)
    proof = prove(call.META, controller_id, policies, _digest(device))
    if proof is None and not (is_download and policies.anonymous_download_enabled):
        raise bare(401)
    if device is None:
        raise not_found("Target", controller_id)
    if device.status != Admission.ACCEPTED or device.is_leaving:
        raise bare(401)
    throttle_device(device.pk)
    if proof is not None:
        presence.seen(device.pk)
    call.device, call.organization, call.policies = device, organization, policies


def actor_of(call: DeviceCall) -> Actor:
    """The device, as who acts."""
    return Actor(
        ActorKind.DEVICE,
        str(call.device.id),
        call.device.controller_id,
        call.organization.pk,
        address=client_address(call),
        via=VIA,
    )


def _digest(device: Device | None) -> str:
    """Of its security token, if that is accepted."""
    token = getattr(device, "security_token", None)
    return token.digest if token is not None and token.status == Admission.ACCEPTED else ""


def _answered(result: Any, call: DeviceCall) -> HttpResponse:
    answer = result if isinstance(result, Answer) else Answer(200, result)
    if answer.data is None:
        return HttpResponse(status=answer.status)
    media_type = media_type_for(call.META.get("HTTP_ACCEPT", ""))
    body = encoded(answer.data, media_type)
    return HttpResponse(body, status=answer.status, content_type=media_type)
