"""Devices, as lists, filters, tables and exports know them."""

from collections.abc import Callable
from typing import Never

from django.db.models import JSONField, Q, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce

from fleet.filters import CHANGED_AT, CHECKED_IN_AT, target_of
from fleet.languages import devices_selected
from fleet.models import KitType, Organization
from fleet.monitoring import is_in_alarm
from fleet.states import Admission
from query.columns import NOTHING
from query.compiling import Target
from query.declaring import boolean, choice, identifier, mapping, moment, text
from query.fiql.fields import NAMED
from query.json_fields import JsonField
from query.json_keys import JsonKeys
from query.listing import Listing
from query.searching import search
from query.tree import Field, Operator, Unsupported
from query.tree import Value as Wanted


def _of_scope(scope: str) -> Callable[[tuple[str, ...]], Target]:
    def target_at(path: tuple[str, ...]) -> Target:
        return target_of((scope, path[0]))

    return target_at


def _in_identity(path: tuple[str, ...]) -> Target:
    """Without the names that filters of terms have for columns of the device."""
    return JsonField("identity", path[:1])


def _scope(name: str) -> Coalesce:
    """The attributes of one scope as a JSON object, empty for what never reported."""
    return Coalesce(
        KeyTransform(name, "inventory__attributes"),
        Value({}, JSONField()),
        output_field=JSONField(),
    )


class _Elsewhere:
    """What a saved filter in another language selects, as `fleet/filter_names.py` refers to it."""

    def __init__(self, language: str, text: str, organization_id: str) -> None:
        self.language, self.text, self.organization_id = language, text, organization_id

    def exists(self) -> Q:
        organization = Organization(id=self.organization_id)
        devices = devices_selected(organization, self.text, self.language, field=NAMED)
        return Q(pk__in=devices.order_by().values("pk"))

    def compare(self, operator: Operator, value: Wanted) -> Q:
        return NOTHING

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> Never:
        raise Unsupported("nothing is sorted by a saved filter")


class _Devices(Listing):
    def target_of(self, asked: Field) -> Target:
        if asked[0] == NAMED:
            return _Elsewhere(*asked[1:])
        return super().target_of(asked)


DEVICES = _Devices(
    "devices",
    (
        identifier("id", "Identifier", is_indexed=True),
        text("name", "What people call it", is_indexed=True, example="edge-0042"),
        text(
            "controller_id",
            "What hawkBit's APIs know it by",
            is_indexed=True,
            example="edge-0042",
        ),
        text("description", "What people say of it", example="on the roof"),
        choice("status", "Admission", Admission.values, is_indexed=True, example="accepted"),
        text("group", "Static group, empty if it is in none", is_indexed=True, example="lab"),
        text(
            "device_type",
            "Type that it reported",
            is_indexed=True,
            is_observed=True,
            example="raspberrypi4",
        ),
        text(
            "software",
            "Release that it runs, as far as is known",
            is_observed=True,
            example="gateway-2.4.1",
        ),
        text(
            "sensor_version",
            "Version that it reported itself",
            is_observed=True,
            example="3.7.2.81",
        ),
        choice(
            "kit_type",
            "Sensor kit that it has",
            KitType.values,
            is_observed=True,
            example="UBUNTU",
        ),
        text("host_name", "Host that it answers to itself", example="probe-1.example.com"),
        moment("created_at", "When it became known", is_indexed=True),
        moment("updated_at", "When something about it changed last", is_observed=True),
        moment(
            "seen_at",
            "When it called last",
            read="contact__seen_at",
            is_nullable=True,
            is_observed=True,
        ),
        boolean(
            "in_alarm",
            "Whether one of its monitors says CRITICAL",
            read=is_in_alarm(),
            is_shown=False,
            is_observed=True,
            example="true",
        ),
        moment(
            "checked_in_at",
            "When it called last, or else when its inventory was written",
            read=CHECKED_IN_AT,
            is_nullable=True,
            is_shown=False,
            is_observed=True,
        ),
        moment(
            "changed_at",
            "When it or its inventory changed last",
            read=CHANGED_AT,
            is_shown=False,
            is_observed=True,
        ),
        mapping(
            "identity",
            "What it identifies itself by, by name",
            read="identity",
            target_at=_in_identity,
            example="mac",
        ),
        mapping(
            "attribute",
            "What it reported of itself, by name",
            read=_scope("inventory"),
            target_at=_of_scope("inventory"),
            is_shown=False,
            is_observed=True,
            example="kernel",
        ),
        mapping(
            "tag",
            "Tags that people gave it, by name",
            read=_scope("tags"),
            target=JsonKeys("inventory__attributes", ("tags",), row="inventory"),
            target_at=_of_scope("tags"),
            example="region",
        ),
        mapping(
            "monitor",
            "What its monitors say, by name",
            read=_scope("monitor"),
            target_at=_of_scope("monitor"),
            is_shown=False,
            is_observed=True,
            example="alerts",
        ),
    ),
    sort=("name",),
    named=True,
    asked=(search("Name and identity in small letters, to find a word in", "name", "identity"),),
)
