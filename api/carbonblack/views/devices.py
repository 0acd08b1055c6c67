"""Devices, and what can be done with them. Source: Carbon Black, Devices API, v6."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from api.carbonblack.bodies import json_object, member_object, read_rows, read_sort, read_words
from api.carbonblack.error_codes import Code
from api.carbonblack.errors import Refused, missing, not_found, wrong_type
from api.carbonblack.jobs import read_versions
from api.carbonblack.resources import Resource, answered, nothing
from api.carbonblack.search import devices_found
from api.carbonblack.search.facts import read
from api.carbonblack.search.places import number_of
from api.carbonblack.search.selecting import search_of
from api.carbonblack.search.sorting import KEYS, ordered
from api.carbonblack.shapes.devices import told_devices
from api.carbonblack.shapes.times import job_time
from api.carbonblack.targets import devices_listed, read_device_ids
from api.endpoints import EXECUTE, READ, Call
from deployments.by_kit import KitPlan, create_by_kit
from fleet.models import Device, Organization
from fleet.models.device import DeviceQuerySet

DEFAULT_ROWS, MAX_ROWS = 20, 10_000
ACTIONS = ("UPDATE_SENSOR_VERSION",)


class DeviceSearch(Resource):
    needs = {"POST": READ}
    is_atomic = False
    takes_long_bodies = True

    def post(self, call: Call) -> HttpResponse:
        """One page; `start` counts from 1, as the public client does."""
        body = json_object(call)
        organization = call.organization
        found = search_of(organization, body).of(organization)
        rows, start = read_rows(body, default=DEFAULT_ROWS, most=MAX_ROWS)
        first = max(start - 1, 0)
        order = ordered(organization.pk, read_sort(body, tuple(KEYS)))
        page = read(found.order_by(*order))[first : first + rows]
        return answered({"results": told_devices(organization, page), "num_found": found.count()})


class OneDevice(Resource):
    needs = {"GET": READ}

    def get(self, call: Call, device_id: str) -> HttpResponse:
        number = number_of(device_id)
        if number is None:
            raise not_found()
        devices = Device.objects.of(call.organization).filter(number=number)
        found = told_devices(call.organization, read(devices))
        if not found:
            raise not_found()
        return answered(found[0])


class DeviceActions(Resource):
    needs = {"POST": EXECUTE}
    takes_long_bodies = True

    def post(self, call: Call) -> HttpResponse:
        """Bring sensors to a version: a job for those that are named, or that a search finds."""
        body = json_object(call)
        _check_action(body)
        versions = read_versions(body)
        devices = _devices(call.organization, body)
        plan = KitPlan(
            name=f"Sensor update {job_time(timezone.now())}",
            versions=versions,
            is_listed=body.get("device_id") is not None,
        )
        create_by_kit(actor=call.actor, organization=call.organization, plan=plan, devices=devices)
        return nothing()


def _check_action(body: dict[str, Any]) -> None:
    action = body.get("action_type")
    if action is None:
        raise missing("action_type")
    if not isinstance(action, str):
        raise wrong_type("action_type", "a string")
    read_words([action], ACTIONS, "action_type")


def _devices(organization: Organization, body: dict[str, Any]) -> DeviceQuerySet:
    ids, search = body.get("device_id"), body.get("search")
    if (ids is None) == (search is None):
        message = "Exactly one of device_id and search is to be given"
        raise Refused(Code.INVALID_TARGETS, message, ["device_id", "search"])
    if ids is not None:
        return devices_listed(organization, read_device_ids(ids, "device_id"))
    return devices_found(organization, member_object(body, "search"), "search")
