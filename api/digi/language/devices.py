"""The device fields, as expressions over querysets of devices.

Of a device's calls only the last is known: it was connected then, and one that is disconnected
has been so since.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import Exact

from api.digi.language.attributes import (
    Decimal,
    FirstTold,
    Stripped,
    Told,
    before_slash,
    device_id,
    first_of,
    host,
    mac_address,
    present,
)
from api.digi.language.fields import DEVICE_FIELDS, DEVICE_ID, GROUP_WITHIN, TAGS
from api.digi.language.targets import DeviceId, Present, Tags, Text, Version
from api.digi.language.words import Kind
from artifacts.versions import VERSION, Fleet
from deployments.models import DeviceDeployment, StatusEvent
from deployments.standing import ended_rows
from deployments.states import State
from fleet.models import Alert, Organization
from fleet.policies import policies_of
from fleet.states import Admission
from query.compiling import Target
from query.tree import Field as Path

ATTRIBUTES = "inventory__attributes"
_SERIAL_NUMBERS = ("serial_number", "sn", "SerialNumber")
_RESTRICTED: dict[Admission, str] = {
    Admission.ACCEPTED: "unrestricted",
    Admission.PENDING: "restricted",
    Admission.PREAUTHORIZED: "restricted",
    Admission.REJECTED: "disabled",
    Admission.NOAUTH: "untrusted",
}
_SIGNALS = [name for name, field in DEVICE_FIELDS.items() if field.kind == Kind.NUMERIC]


def _told(name: str) -> Told:
    return Told(ATTRIBUTES, ("inventory", name))


def _noted(name: str) -> Any:
    """What people note, else what the device says."""
    return first_of(Told(ATTRIBUTES, ("tags", name)), _told(name))


def _word(rules: Sequence[tuple[Q, str]], otherwise: str) -> Case:
    """The word of the first rule that holds."""
    text = CharField()
    cases = [When(rule, then=Value(word, text)) for rule, word in rules]
    return Case(*cases, default=Value(otherwise, text), output_field=text)


def _id() -> Any:
    return device_id(Cast("id", TextField()))


def _mac() -> Any:
    told = FirstTold(ATTRIBUTES, ("inventory",), "mac_")
    return mac_address(first_of(Told("identity", ("mac",)), told))


def _serial_number() -> Any:
    claimed = [Told("identity", (name,)) for name in _SERIAL_NUMBERS]
    return first_of(*claimed, *map(_told, _SERIAL_NUMBERS))


def _ip() -> Any:
    """A device that tells of no interfaces is where it calls from."""
    told = before_slash(FirstTold(ATTRIBUTES, ("inventory",), "ipv4_"))
    return first_of(told, host(F("address")))


def _group() -> Concat:
    return Concat(Value("/"), Stripped(F("group")), output_field=TextField())


def _group_within() -> Case:
    nowhere = Q(Exact(Stripped(F("group")), ""))
    whole = Concat(_group(), Value("/"), output_field=TextField())
    return Case(When(nowhere, then=Value("/")), default=whole, output_field=TextField())


def _health() -> Case:
    """A warning is what a device has said so, of what it is doing or did last."""
    alarms = Alert.objects.filter(device=OuterRef("number"), is_latest=True, level="CRITICAL")
    failed = Exact(Subquery(ended_rows().values("state")[:1]), State.FAILURE.value)
    rows = DeviceDeployment.objects.filter(device=OuterRef(OuterRef("number")))
    newest = Subquery(rows.order_by("-number").values("number")[:1])
    warnings = StatusEvent.objects.filter(kind=StatusEvent.Kind.WARNING, device_deployment=newest)
    rules = [
        (Q(Exists(alarms)) | Q(failed), "error"),
        (Q(Exists(warnings)), "warning"),
        (Q(contact__isnull=True), "unknown"),
    ]
    return _word(rules, "normal")


def _restricted() -> Case:
    return _word([(Q(status=status), word) for status, word in _RESTRICTED.items()], "untrusted")


def _named() -> Any:
    return first_of(present("name"), _told("hostname"), _mac(), _id())


# A field of no line here is one that the device tells by that name.
_EXPRESSIONS: dict[str, Callable[[], Any]] = {
    "id": _id,
    "name": _named,
    "mac": _mac,
    "serial_number": _serial_number,
    "type": lambda: present("device_type"),
    "ip": _ip,
    "public_ip": lambda: first_of(_told("public_ip"), host(F("address"))),
    "group": _group,
    "description": lambda: first_of(present("description"), _noted("description")),
    "contact": lambda: _noted("contact"),
    "location": lambda: _noted("location"),
    "notes": lambda: _noted("notes"),
    "firmware_version": lambda: VERSION,
    "health_status": _health,
    "restricted_status": _restricted,
    "last_connect": lambda: F("contact__seen_at"),
    "last_update": lambda: F("installed_at"),
}


class DeviceFields:
    """What the devices of the organization have at a moment; `tags` has no expression."""

    def __init__(self, organization: Organization, now: datetime) -> None:
        self.organization, self.fleet = organization, Fleet(organization.pk)
        silence = 2 * policies_of(organization).polling_time
        self.calls_since = now - timedelta(seconds=silence)

    def expression(self, name: str) -> Any:
        """The value of a field, NULL where there is none; `id` is the device's, as Digi spells it.

        `last_disconnect` is NULL while it is connected.
        """
        is_connected = Q(contact__seen_at__gt=self.calls_since)
        match name:
            case "connection_status":
                return _word([(is_connected, "connected")], "disconnected")
            case "last_disconnect":
                return Case(
                    When(is_connected, then=None),
                    default=F("contact__seen_at"),
                    output_field=DateTimeField(),
                )
            case _ if name in _EXPRESSIONS:
                return _EXPRESSIONS[name]()
            case _:
                return Decimal(_told(name)) if name in _SIGNALS else _told(name)

    def target_of(self, path: Path) -> Target:
        """Where a field of a condition is kept."""
        if path == DEVICE_ID:
            return DeviceId(_id())
        if path == GROUP_WITHIN:
            return Text(_group_within())
        if path == TAGS:
            return Tags(ATTRIBUTES, ("tags",))
        kind = DEVICE_FIELDS[path[0]].kind
        if kind == Kind.VERSION:
            return Version(self.fleet)
        key = self.expression(path[0])
        return Present(key) if kind in {Kind.NUMERIC, Kind.ENUMERATED} else Text(key)
