"""What the lists of targets can be asked for, by hawkBit's names."""

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, NullIf

from api.hawkbit.listing.declaring import (
    authored,
    choice,
    mapping,
    moment,
    names,
    number,
    of,
    text,
    truth,
)
from artifacts.models import Release
from deployments.derived import Word
from deployments.standing import INSTALLED, STANDING, Standing
from deployments.standing_sets import assigned_among, has_standing
from fleet.models import AutoConfirmation
from query.compiling import Target
from query.folded import Among, FoldedText, Related, keyed
from query.folded_members import FoldedMember, FoldedNames
from query.listing import Column, Listing

# The order in which hawkBit tells them.
UPDATE_STATUSES = ("unknown", "in_sync", "pending", "error", "registered")
TITLE = Coalesce(NullIf(F("title"), Value("")), F("name"))
VERSION = Coalesce(NullIf(F("version"), Value("")), F("name"))
_CONFIRMS = AutoConfirmation.objects.filter(device=OuterRef("number"))
STANDINGS = Word(STANDING, UPDATE_STATUSES, lambda word: has_standing(Standing(word)))
TAGS = FoldedNames("inventory__attributes", ("tags",), row="inventory")


def _attribute(name: str) -> Target:
    return FoldedMember("inventory__attributes", ("inventory",), name, row="inventory")


def _metadata(name: str) -> Target:
    return FoldedMember("inventory__attributes", ("metadata",), name, row="inventory")


def _distribution_set(name: str, among: Among) -> tuple[Column, ...]:
    releases = Release.objects.all()
    return (
        of(f"{name}.name", Related(among, releases, FoldedText(TITLE))),
        of(f"{name}.version", Related(among, releases, FoldedText(VERSION))),
    )


def _type(name: str) -> tuple[Column, ...]:
    return (
        number(f"{name}.id", read="target_type_id", is_nullable=True),
        text(f"{name}.key", path="target_type__key", is_nullable=True),
        text(f"{name}.name", path="target_type__name", is_nullable=True),
    )


TARGETS = Listing(
    "targets",
    (
        text("id", path="controller_id"),
        text("controllerid", path="controller_id"),
        text("name"),
        text("description"),
        *authored(modified_at="updated_at", modified_by="updated_by"),
        choice("updatestatus", UPDATE_STATUSES, STANDINGS, sort_by=STANDING),
        text("ipaddress", path="address"),
        text("address"),
        moment("lastcontrollerrequestat", read="contact__seen_at", is_nullable=True),
        moment("installedat", read="installed_at", is_nullable=True),
        text("group"),
        truth("autoconfirm", lambda: Q(Exists(_CONFIRMS))),
        *_distribution_set("assignedds", assigned_among),
        *_distribution_set("installedds", keyed(INSTALLED)),
        text("type", path="target_type__key", is_nullable=True),
        *_type("type"),
        *_type("targettype"),
        names("tag", TAGS),
        names("tag.name", TAGS),
        mapping("attribute", _attribute),
        mapping("metadata", _metadata),
    ),
    sort=("controllerid",),
)

_KIND = (number("id", read="number"), text("name"), text("description"), *authored())

TARGET_TYPES = Listing("target-types", (*_KIND, text("key"), text("colour")))
TARGET_TAGS = Listing("target-tags", (*_KIND, text("colour")))
TARGET_FILTERS = Listing(
    "target-filters",
    (
        number("id", read="number"),
        text("name"),
        text("query"),
        *authored(),
        *(
            text(
                f"autoassigndistributionset.{name}",
                path=Coalesce(
                    NullIf(F(f"auto_assignment__deployment__release__{field}"), Value("")),
                    F("auto_assignment__deployment__release__name"),
                ),
                is_nullable=True,
            )
            for name, field in (("name", "title"), ("version", "version"))
        ),
    ),
)
