"""What devices are told apart by: tags that people gave them, and attributes they reported."""

from collections.abc import Sequence
from typing import ClassVar

from django.http import Http404

from api.v1.endpoints import Need
from api.v1.short_lists import ShortCollection, Thing
from fleet.attribute_counts import attributes_in_use, values_in_use
from fleet.listing.few import ATTRIBUTES, TAGS, VALUES
from fleet.models.device import DeviceQuerySet
from fleet.reach import devices_within

VIEW = Need("fleet.view_device", within_bounds=True)


class InUse(ShortCollection):
    """The 500 most frequent ones; counted anew only now and then where that takes long."""

    needs = {"GET": VIEW}
    scopes: ClassVar[Sequence[str]]

    def devices(self) -> DeviceQuerySet:
        return devices_within(self.actor, "fleet.view_device", self.organization)

    def things(self) -> list[Thing]:
        names = [column.name for column in self.listing.columns]
        found = attributes_in_use(self.devices())
        return [
            {name: told[name] for name in names}
            for each in found
            if each.scope in self.scopes
            and (told := {"name": each.name, "scope": each.scope, "device_count": each.count})
        ]


class TagCollection(InUse):
    """Names of tags and how many devices have each."""

    listing = TAGS
    scopes = ("tags",)


class AttributeCollection(InUse):
    """Names of attributes and how many devices have each."""

    listing = ATTRIBUTES
    scopes = ("inventory", "identity", "monitor", "system")


class Values(InUse):
    """The 500 most frequent values that devices have by a name, and how many have each."""

    listing = VALUES

    def things(self) -> list[Thing]:
        (scope,) = self.scopes
        found = values_in_use(self.devices(), scope, self.kwargs["name"])
        if not found:
            raise Http404
        return [{"value": value, "device_count": count} for value, count in found]


class TagValues(Values):
    scopes = ("tags",)


class AttributeValues(Values):
    """Of what devices reported, its scope is "inventory"."""

    scopes = ("inventory",)
