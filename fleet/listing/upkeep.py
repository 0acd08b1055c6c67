"""Configurations and alerts, as lists and filters know them."""

from collections.abc import Callable

from fleet.models import Alert
from query.compiling import Target
from query.declaring import boolean, choice, identifier, json, mapping, moment, number, text
from query.json_fields import JsonField
from query.listing import Listing


def _in(document: str) -> Callable[[tuple[str, ...]], Target]:
    def target_at(path: tuple[str, ...]) -> Target:
        return JsonField(document, path, is_plain=True)

    return target_at


CONFIGURATIONS = Listing(
    "configurations",
    (
        identifier("device.id", "Device that it is of", path="device__id", is_indexed=True),
        text("device.name", "Name of that", path="device__name", example="edge-0042"),
        text("device.group", "Static group of that", path="device__group", example="lab"),
        mapping(
            "configured",
            "What the device is to be configured with, by key",
            read="configured",
            target_at=_in("configured"),
            example="timezone",
        ),
        mapping(
            "reported",
            "What it says it is configured with, by key",
            read="reported",
            target_at=_in("reported"),
            is_observed=True,
            example="timezone",
        ),
        identifier(
            "deployment.id",
            "Newest deployment that was to bring it there",
            path="deployment_id",
            is_nullable=True,
        ),
        moment("updated_at", "When it was set last", is_nullable=True),
        moment("reported_at", "When the device said so last", is_nullable=True, is_observed=True),
    ),
    key="device_id",
)

ALERTS = Listing(
    "alerts",
    (
        identifier("id", "Identifier", is_indexed=True),
        number("number", "Number in the order of coming in", is_indexed=True),
        identifier("device.id", "Device that raised it", path="device__id"),
        text("device.name", "Name of that", path="device__name", example="edge-0042"),
        text("device.group", "Static group of that", path="device__group", example="lab"),
        text("name", "What it is about", example="service sshd not running"),
        choice(
            "level",
            "CRITICAL when a monitor raised it, OK when it cleared",
            Alert.Level.values,
            example="CRITICAL",
        ),
        text("subject.name", "What is watched", path="subject_name", example="sshd"),
        text("subject.type", "Kind of that", path="subject_type", example="systemd.unit"),
        text("subject.status", "State of that", path="subject_status", example="not-running"),
        boolean("is_latest", "Whether it is the last word of its monitor"),
        moment("raised_at", "When, by the clock of the device"),
        moment("received_at", "When it came in"),
        json("details", "What the monitor says beyond that", is_shown=False),
    ),
    sort=("-number",),
)
