"""Lists that are short: what devices and rights are sorted by."""

from django.db.models import BigIntegerField, Count, OuterRef, Subquery

from fleet.models import Device
from query.declaring import boolean, json, number, text
from query.listing import Listing

# Of the device that stands for its group.
IN_GROUP = Subquery(
    Device.objects.filter(organization=OuterRef("organization"), group=OuterRef("group"))
    .order_by()
    .values("group")
    .annotate(count=Count("number"))
    .values("count"),
    output_field=BigIntegerField(),
)

GROUPS = Listing(
    "groups",
    (
        text("name", "What it is called", path="group", example="lab"),
        number("device_count", "How many devices are in it", read=IN_GROUP),
    ),
    sort=("name",),
)

TAGS = Listing(
    "tags",
    (
        text("name", "Name of the tag", example="region"),
        number("device_count", "How many devices have it"),
    ),
    sort=("-device_count", "name"),
)

ATTRIBUTES = Listing(
    "attributes",
    (
        text("name", "Name of the attribute", example="kernel"),
        text("scope", "Who says it: the device (inventory), its identity, a monitor, the system"),
        number("device_count", "How many devices have it"),
    ),
    sort=("-device_count", "name"),
)

VALUES = Listing(
    "values",
    (
        json("value", "A text, a number or a list of one of these"),
        number("device_count", "How many devices have it"),
    ),
    sort=("-device_count",),
)

ROLES = Listing(
    "roles",
    (
        text("name", "Name", example="operator"),
        text("description", "What it is for"),
        boolean("is_built_in", "Whether it comes with Slipway and cannot be changed"),
        json("permission_sets", "What an organization's own role is made of"),
        json("permissions", "What it allows everywhere"),
        json("permissions_within", "What it allows for some groups or release tags, by name"),
        number("member_count", "How many members have it"),
    ),
    sort=("name",),
)

PERMISSION_SETS = Listing(
    "permission-sets",
    (
        text("name", "Name", example="ManageDevices"),
        text("description", "What it allows, in a sentence"),
        text("scope", "What may bound it: DeviceGroups, ReleaseTags, or nothing"),
        json("permissions", "What it allows"),
    ),
    sort=("name",),
)
