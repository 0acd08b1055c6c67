"""What is known of one device beyond its line in the list."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.devices import AttributesTold, ExplanationTold
from api.v1.endpoints import Endpoint, Need
from deployments import reach as deployments_reach
from deployments.explaining import explain
from deployments.stating import Reason
from fleet import inventory
from fleet.attributes import Attribute
from fleet.errors import Invalid
from fleet.models import Device
from fleet.reach import devices_within

VIEW = "fleet.view_device"
VIEW_DEPLOYMENT = "deployments.view_deployment"


class OfDevice(Endpoint):
    """Something below the address of a device."""

    def device(self, id_: UUID) -> Device:
        """The device within the caller's reach; raises Http404."""
        rows = devices_within(self.actor, VIEW, self.organization)
        found = rows.select_related("inventory", "contact").filter(id=id_).first()
        if found is None:
            raise Http404
        return found


class DeviceInventory(OfDevice):
    """Everything known of a device, by scope: identity, inventory, system, tags and monitor."""

    needs = {
        "GET": Need(VIEW, within_bounds=True),
        "DELETE": Need("fleet.change_device", within_bounds=True),
    }

    @extend_schema(responses={200: AttributesTold})
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """All attributes, in no more than one answer: a device has at most some 1,000."""
        attributes = inventory.attributes_of(self.device(id))
        items = [_told(attribute) for attribute in attributes]
        return Response({"items": items, "next": None, "previous": None, "count": None})

    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Forget what the device has told of itself, until it tells it again; tags stay."""
        inventory.forget(actor=self.actor, device=self.device(id))
        return Response(status=204)


class DeviceExplanation(OfDevice):
    """Why a device is told to take up a deployment, or why not."""

    needs = {"GET": Need(VIEW, within_bounds=True)}

    @extend_schema(
        parameters=[OpenApiParameter("deployment", UUID, required=True, description="Its id")],
        responses={200: ExplanationTold},
    )
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """What the device's next call will be answered with, `?deployment=` being its id."""
        device, seen = self.device(id), self._deployments()
        deployment = seen.filter(id=_asked(request)).first()
        if deployment is None:
            raise Http404
        found = explain(device, deployment, among=seen)
        reasons = [_reason(reason) for reason in found.reasons]
        return Response({"is_offered": found.offered, "reasons": reasons})

    def _deployments(self) -> Any:
        return deployments_reach.deployments_within(self.actor, VIEW_DEPLOYMENT, self.organization)


def _asked(request: Request) -> UUID:
    try:
        return UUID(request.GET.get("deployment", ""))
    except ValueError as error:
        text = "deployment: the id of a deployment is wanted"
        raise Invalid("invalid_parameter", text, field="deployment") from error


def _told(attribute: Attribute) -> dict[str, Any]:
    return {
        "scope": attribute.scope,
        "name": attribute.name,
        "value": attribute.value,
        "description": attribute.description,
        "reported_at": attribute.timestamp,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "is_fine": reason.passed,
        "blocks": reason.blocks,
        "text": reason.text,
        "until": reason.until,
    }
