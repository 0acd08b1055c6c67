"""Devices: what is known of each, let in before they call, changed, and let go."""

from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.answers.devices import VALUES_BY_NAME
from api.v1.bodies import Body, read, read_map
from api.v1.endpoints import Collection, Item, Need, told
from api.v1.fields import named
from fleet import admission, groups, host_names
from fleet.attributes import Attribute
from fleet.keys import PEM_LENGTH, normalise
from fleet.listing.devices import DEVICES
from fleet.models import Device
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within, require_for
from fleet.tags import TAGS, check_tags, set_tags

VIEW = "fleet.view_device"
CHANGE = "fleet.change_device"


class NewDevice(Body):
    """`identity` is what the device will call itself by, `public_key` the one it will show.

    With `force` the key is added to a device that is known already, which keeps its own until
    it shows this one.
    """

    identity = serializers.DictField(allow_empty=False)
    public_key = serializers.CharField(max_length=PEM_LENGTH)
    force = serializers.BooleanField(default=False)


class DeviceChange(Body):
    """What is left out stays. `group` null or empty takes the device out of its group.

    `host_name`, in small letters, is the host that it answers to itself; null or empty takes it.

    `tag` is merged into the tags that there are; one that is null goes.
    """

    group = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, trim_whitespace=False
    )
    tag = serializers.DictField(required=False)
    host_name = serializers.CharField(
        required=False, allow_null=True, allow_blank=True, max_length=host_names.LONGEST + 1
    )


class DeviceCollection(Collection):
    listing = DEVICES
    needs = {"GET": Need(VIEW, within_bounds=True), "POST": Need(CHANGE)}

    def rows(self) -> DeviceQuerySet:
        return devices_within(self.actor, VIEW, self.organization)

    def post(self, request: Request) -> Response:
        """Preauthorize a device: its key is accepted when it first calls."""
        body = read(NewDevice, request)
        with named(id_data="identity", pubkey="public_key"):
            device = admission.preauthorize(
                actor=self.actor,
                organization=self.organization,
                identity=body["identity"],
                public_key=normalise(body["public_key"]),
                force=body["force"],
            )
        made = told(Device.objects.filter(pk=device.pk), DEVICES.columns)[0]
        return Response(made, 201, headers={"Location": f"/api/v1/devices/{device.id}"})


class DeviceItem(Item):
    listing = DEVICES
    needs = {
        "GET": Need(VIEW, within_bounds=True),
        "PATCH": Need(CHANGE, within_bounds=True),
        "DELETE": Need("fleet.delete_device", within_bounds=True),
    }

    def rows(self) -> DeviceQuerySet:
        return devices_within(self.actor, VIEW, self.organization)

    def patch(self, request: Request, **names: Any) -> Response:
        """Move a device to another group, or out of it, change its tags, or name it as a host."""
        body = read(DeviceChange, request, partial=True)
        with self.changing(**names) as device:
            if "tag" in body:
                self._tag(device, body["tag"])
            if "host_name" in body:
                name = body["host_name"] or ""
                host_names.set_host_name(actor=self.actor, device=device, name=name)
            if "group" in body:
                self._move(device, body["group"] or "")
        return Response(self.told_after(device))

    def delete(self, request: Request, **names: Any) -> Response:
        """Decommission a device: its keys, token and inventory go, its token is void at once."""
        with self.changing(**names) as device:
            admission.decommission(actor=self.actor, device=device)
        return Response(status=204)

    def told_after(self, device: Model) -> dict[str, Any]:
        """Also if the change has put it out of the caller's reach."""
        return told(Device.objects.filter(pk=device.pk), DEVICES.columns)[0]

    def _tag(self, device: Device, tags: dict[str, Any]) -> None:
        with named(value="tag", name="tag", tags="tag"):
            check_tags(tags)
            set_tags(
                actor=self.actor,
                device=device,
                tags=[Attribute(name, tags[name], TAGS) for name in tags if tags[name] is not None],
                without=[name for name in tags if tags[name] is None],
                replace=False,
            )

    def _move(self, device: Device, name: str) -> None:
        require_for(self.actor, CHANGE, device)
        ours: dict[str, Any] = {"actor": self.actor, "organization": self.organization}
        if name:
            groups.assign(**ours, devices=[device.id], name=name)
        else:
            groups.clear(**ours, devices=[device.id])


class DeviceTags(DeviceItem):
    """The tags of a device as a whole."""

    needs = {"PUT": Need(CHANGE, within_bounds=True)}

    @extend_schema(request=VALUES_BY_NAME, responses={200: DEVICES})
    def put(self, request: Request, **names: Any) -> Response:
        """Put these tags, values by name, in the place of all; answers the device."""
        tags = read_map(request)
        with self.changing(**names) as device, named(value="tag", name="tag", tags="tag"):
            given = [Attribute(name, value, TAGS) for name, value in tags.items()]
            set_tags(actor=self.actor, device=device, tags=given, replace=True)
        return Response(self.told_after(device))
