"""Devices: what is known of each."""

from api.v1.endpoints import Collection, Item, Need
from fleet.listing.devices import DEVICES
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within

VIEW = "fleet.view_device"


class DeviceCollection(Collection):
    listing = DEVICES
    needs = {"GET": Need(VIEW, within_bounds=True)}

    def rows(self) -> DeviceQuerySet:
        return devices_within(self.actor, VIEW, self.organization)


class DeviceItem(Item):
    listing = DEVICES
    needs = {"GET": Need(VIEW, within_bounds=True)}

    def rows(self) -> DeviceQuerySet:
        return devices_within(self.actor, VIEW, self.organization)
