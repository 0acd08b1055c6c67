"""What deployments are made of: their phases, their devices, and what those said."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.deployments import LogTold
from api.v1.endpoints import Collection, Endpoint, Item, Need
from api.v1.rendering import JsonRenderer
from deployments.listing import DEVICE_DEPLOYMENTS, LOGS, PHASES, STATUS_EVENTS
from deployments.logs import log_text
from deployments.models import (
    DeploymentLog,
    DeploymentQuerySet,
    DeviceDeployment,
    DeviceDeploymentQuerySet,
    Phase,
    StatusEvent,
)
from deployments.reach import VIEW, deployments_within
from fleet.errors import NotFound

READ = {"GET": Need(VIEW, within_bounds=True)}
LARGEST = 2**31 - 1


class OfDeployments(Endpoint):
    """Something of the deployments within the caller's reach."""

    needs = READ

    def deployments(self) -> DeploymentQuerySet:
        return deployments_within(self.actor, VIEW, self.organization)

    def part(self, number: int) -> DeviceDeployment:
        """A device's part in one of them; raises Http404."""
        parts = DeviceDeployment.objects.filter(deployment__in=self.deployments())
        # What no column holds, no row has.
        found = parts.filter(number=number).first() if number <= LARGEST else None
        if found is None:
            raise Http404
        return found


class PhaseCollection(OfDeployments, Collection):
    listing = PHASES

    def rows(self) -> Any:
        return Phase.objects.filter(deployment__in=self.deployments())


class DeviceDeploymentCollection(OfDeployments, Collection):
    listing = DEVICE_DEPLOYMENTS

    def rows(self) -> DeviceDeploymentQuerySet:
        return DeviceDeployment.objects.filter(deployment__in=self.deployments())


class DeviceDeploymentItem(OfDeployments, Item):
    listing = DEVICE_DEPLOYMENTS

    def rows(self) -> DeviceDeploymentQuerySet:
        return DeviceDeployment.objects.filter(deployment__in=self.deployments())

    def find(self, **names: Any) -> DeviceDeployment:
        return self.part(names["number"])


class StatusEventCollection(OfDeployments, Collection):
    listing = STATUS_EVENTS

    def rows(self) -> Any:
        within = self.deployments()
        return StatusEvent.objects.filter(device_deployment__deployment__in=within)


class LogCollection(OfDeployments, Collection):
    listing = LOGS

    def rows(self) -> Any:
        within = self.deployments()
        return DeploymentLog.objects.filter(device_deployment__deployment__in=within)


class TextRenderer(JsonRenderer):
    """Says that a log also comes as text, which is never rendered here."""

    media_type = "text/plain"
    format = "text"


class DeviceDeploymentLog(OfDeployments):
    renderer_classes = (JsonRenderer, TextRenderer)

    @extend_schema(
        parameters=[OpenApiParameter("format", str, enum=["json", "text"])],
        responses={(200, "application/json"): LogTold, (200, "text/plain"): str},
    )
    def get(self, request: Request, **names: Any) -> HttpResponseBase:
        """The log that the device sent: as JSON, or as lines of text if that is asked for."""
        part = self.part(names["number"])
        log = DeploymentLog.objects.filter(device_deployment=part).first()
        if log is None:
            raise NotFound("no_log", "There is no log of this device in this deployment")
        renderer: Any = request.accepted_renderer
        if str(request.GET.get("format") or renderer.format) == "text":
            return HttpResponse(log_text(part), content_type="text/plain; charset=utf-8")
        return Response({"received_at": log.received_at, "messages": log.messages})
