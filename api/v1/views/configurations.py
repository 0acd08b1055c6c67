"""How devices are configured, and what they say of it."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.devices import TEXTS_BY_KEY
from api.v1.bodies import Body, read, read_map
from api.v1.endpoints import Collection, Item, Need
from deployments.configuring import deploy_configuration
from deployments.planning import MAX_RETRIES
from fleet.admission.rows import lock_device
from fleet.configuration import configuration_of, set_configuration
from fleet.listing.upkeep import CONFIGURATIONS
from fleet.models import Configuration, Device
from fleet.reach import devices_within, of_devices_within

VIEW = "fleet.view_configuration"
CHANGE = Need("fleet.change_configuration", within_bounds=True)


class ConfigurationDeployment(Body):
    """How often a device that fails may try again."""

    retries = serializers.IntegerField(min_value=0, max_value=MAX_RETRIES, default=0)


class ConfigurationCollection(Collection):
    """Of the devices that have one."""

    listing = CONFIGURATIONS
    needs = {"GET": Need(VIEW, within_bounds=True)}

    def rows(self) -> QuerySet[Configuration]:
        rows = Configuration.objects.all()
        return of_devices_within(rows, self.actor, VIEW, self.organization)


class ConfigurationItem(Item):
    """That of one device, which is empty before there is any."""

    listing = CONFIGURATIONS
    needs = {"GET": Need(VIEW, within_bounds=True), "PUT": CHANGE}

    def rows(self) -> QuerySet[Configuration]:
        rows = Configuration.objects.all()
        return of_devices_within(rows, self.actor, VIEW, self.organization)

    def find(self, **names: Any) -> Configuration:
        devices = devices_within(self.actor, VIEW, self.organization)
        device = devices.filter(id=names["id"]).first()
        if device is None:
            raise Http404
        return configuration_of(device)

    def told(self, row: Model) -> dict[str, Any]:
        if isinstance(row, Configuration) and row._state.adding:
            return _nothing(row.device)
        return super().told(row)

    @extend_schema(request=TEXTS_BY_KEY)
    def put(self, request: Request, **names: Any) -> Response:
        """Replace what the device is to be configured with: texts by key.

        It learns of it when it asks, or by a deployment.
        """
        values = read_map(request)
        with self.changing(**names) as row:
            kept = set_configuration(actor=self.actor, device=row.device, values=values)
        return Response(self.told(kept))

    def _locked(self, row: Model, **names: Any) -> Configuration:
        """What there is none of yet is held by its device."""
        if lock_device(row.pk) is None:
            raise Http404
        return self.find(**names)


class ConfigurationDeploy(ConfigurationItem):
    """Bring a device its configuration now."""

    needs = {"POST": CHANGE}
    is_conditional = False

    @extend_schema(responses={201: CONFIGURATIONS})
    def post(self, request: Request, **names: Any) -> Response:
        """Make a deployment of what is configured at this moment, to this device alone."""
        body = read(ConfigurationDeployment, request)
        row = self.find(**names)
        deployment = deploy_configuration(actor=self.actor, device=row.device, **body)
        headers = {"Location": f"/api/v1/deployments/{deployment.id}"}
        return Response(self.told(self.find(**names)), 201, headers=headers)


def _nothing(device: Device) -> dict[str, Any]:
    known = {
        "device.id": device.id,
        "device.name": device.name,
        "device.group": device.group,
        "configured": {},
        "reported": {},
    }
    return {column.name: known.get(column.name) for column in CONFIGURATIONS.columns}
