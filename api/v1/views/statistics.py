"""Statistics over time: one line for each interval, those in which nothing happened too."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.deployments import LinesTold
from api.v1.asking import naming_the_parameter, require_known
from api.v1.bodies import Body
from api.v1.endpoints import Need, Tabular
from api.v1.tables import wants_table
from deployments.models import DeploymentQuerySet
from deployments.reach import VIEW, deployments_within
from deployments.trends import (
    Interval,
    Line,
    Span,
    arrivals_of_devices,
    courses_of_deployments,
    ends_of_parts,
    software_of,
    span_of,
)
from fleet.models import Device
from fleet.reach import devices_within
from query.asking import NotUnderstood
from query.cells import line_of, safe
from query.showing import moment_text

VIEW_DEVICE = "fleet.view_device"


class Asked(Body):
    """`from` and `to` are moments; the answer is in whole intervals of UTC."""

    interval = serializers.ChoiceField(choices=[each.value for each in Interval], default="day")
    to = serializers.DateTimeField(required=False)
    format = serializers.ChoiceField(choices=["json", "csv"], required=False)

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {"from": serializers.DateTimeField(required=False)}


class AskedOfParts(Asked):
    """`deployment` counts those of one deployment alone."""

    deployment = serializers.UUIDField(required=False)


class AskedOfSoftware(Body):
    """Nothing but the form of the answer."""

    format = serializers.ChoiceField(choices=["json", "csv"], required=False)


class Statistics(Tabular, ABC):
    """Lines of numbers, as JSON or as CSV."""

    asked: ClassVar[type[Body]] = Asked

    @abstractmethod
    def lines(self, asked: dict[str, Any]) -> list[Line]:
        """What is counted; the same members in each line."""

    @extend_schema(responses={(200, "application/json"): LinesTold, (200, "text/csv"): str})
    def get(self, request: Request) -> HttpResponse | Response:
        lines = self.lines(_asked(self.asked, request))
        if wants_table(request):
            return _table(lines)
        return Response({"items": lines, "next": None, "previous": None, "count": None})


class DeviceDeploymentStatistics(Statistics):
    """How many devices' parts in deployments ended in each interval, by how they ended."""

    needs = {"GET": Need(VIEW, within_bounds=True)}
    asked = AskedOfParts

    def lines(self, asked: dict[str, Any]) -> list[Line]:
        return ends_of_parts(self._deployments(asked), _span(asked))

    def _deployments(self, asked: dict[str, Any]) -> DeploymentQuerySet:
        within = deployments_within(self.actor, VIEW, self.organization)
        if "deployment" not in asked:
            return within
        one = within.filter(id=asked["deployment"])
        if not one.exists():
            raise Http404
        return one


class DeploymentCourses(Statistics):
    """How many deployments were made, finished and were aborted in each interval."""

    needs = {"GET": Need(VIEW, within_bounds=True)}

    def lines(self, asked: dict[str, Any]) -> list[Line]:
        within = deployments_within(self.actor, VIEW, self.organization)
        return courses_of_deployments(within, _span(asked))


class DeviceArrivals(Statistics):
    """How many devices became known, were accepted, and called for the last time so far."""

    needs = {"GET": Need(VIEW_DEVICE)}

    def lines(self, asked: dict[str, Any]) -> list[Line]:
        devices = Device.objects.of(self.organization)
        return arrivals_of_devices(self.organization, devices, _span(asked))


class SoftwareInUse(Statistics):
    """How many accepted devices run which release now, by type of device."""

    needs = {"GET": Need(VIEW_DEVICE, within_bounds=True)}
    asked = AskedOfSoftware

    def lines(self, asked: dict[str, Any]) -> list[Line]:
        return software_of(devices_within(self.actor, VIEW_DEVICE, self.organization))


def _asked(kind: type[Body], request: Request) -> dict[str, Any]:
    asked = kind(data=request.GET.dict())
    with naming_the_parameter():
        require_known(request.GET, list(asked.fields))
        if not asked.is_valid():
            name, errors = next(iter(asked.errors.items()))
            raise NotUnderstood(name, " ".join(map(str, errors)))
    return dict(asked.validated_data)


def _span(asked: dict[str, Any]) -> Span:
    interval = Interval(asked["interval"])
    return span_of(interval, asked.get("from"), asked.get("to"), now=timezone.now())


def _table(lines: list[Line]) -> HttpResponse:
    header = line_of(list(lines[0])) if lines else ""
    text = header + "".join(line_of([_cell(value) for value in line.values()]) for line in lines)
    return HttpResponse(text, content_type="text/csv; charset=utf-8")


def _cell(value: Any) -> str:
    return moment_text(value) if isinstance(value, datetime) else safe(str(value))
