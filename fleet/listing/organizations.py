"""Organizations, as lists and filters know them."""

from fleet.models import Device
from fleet.states import Admission
from query.aggregates import counted
from query.declaring import identifier, json, moment, number, text
from query.listing import Listing

# Of those that somebody is a member of, whatever they may do there.
ORGANIZATIONS = Listing(
    "organizations",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("key", "Short name, in capital letters", example="ACME-LABS"),
        text("name", "What people call it", example="Acme Labs"),
        moment("created_at", "When it was made"),
    ),
    key="id",
    sort=("name",),
)

# What who may see the organization is told of it besides.
OF_ONE = (
    number("device_limit", "How many devices may be accepted, null for any", is_nullable=True),
    number(
        "devices_accepted",
        "How many devices are accepted",
        read=counted(Device.objects.filter(status=Admission.ACCEPTED), "organization"),
        is_observed=True,
    ),
    number("storage_limit", "Bytes that artifacts may take, null for any", is_nullable=True),
    json("settings", "What its members' tools keep here"),
)
