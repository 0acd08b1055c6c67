"""What the lists of the repository can be asked for, by hawkBit's names."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from api.hawkbit.listing.declaring import authored, boolean, mapping, names, number, of, text, truth
from api.hawkbit.listing.targets import TITLE, VERSION
from artifacts.models import Release, ReleaseTag
from query.columns import NumberColumn
from query.compiling import Target
from query.folded import FoldedText, SomeOf
from query.folded_members import FoldedMember
from query.listing import Column, Kind, Listing
from query.tree import Operator, Value

_MODULES = Release.modules.through.objects.all()
_TAGS = SomeOf(ReleaseTag.objects.all(), "release", FoldedText("name"))
_DESCRIBED = (number("id", read="number"), text("name"), text("description"), *authored())


def _type() -> tuple[Column, ...]:
    return (
        text("type", path="type__key", is_nullable=True),
        number("type.id", read="type_id", is_nullable=True),
        text("type.key", path="type__key", is_nullable=True),
        text("type.name", path="type__name", is_nullable=True),
    )


class _OfTagged:
    """A field of the releases that have a tag of the catalogue."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def exists(self) -> Q:
        return self._some(self.target.exists())

    def compare(self, operator: Operator, value: Value) -> Q:
        return self._some(self.target.compare(operator, value))

    def _some(self, condition: Q) -> Q:
        having = ReleaseTag.objects.filter(name=OuterRef(OuterRef("name"))).values("release")
        releases = Release.objects.filter(
            condition, organization=OuterRef("organization"), pk__in=having
        )
        return Q(Exists(releases))

    def has_key(self) -> Q:
        return self.exists()

    def sort_keys(self) -> list[Any]:
        return []


DISTRIBUTION_SETS = Listing(
    "distribution-sets",
    (
        number("id", read="number"),
        text("name", path=TITLE),
        text("description"),
        text("version", path=VERSION),
        *authored(),
        *_type(),
        truth("valid", lambda: Q(invalidated_at__isnull=True)),
        of(
            "module.id", SomeOf(_MODULES, "release", NumberColumn(F("softwaremodule"))), Kind.NUMBER
        ),
        of("module.name", SomeOf(_MODULES, "release", FoldedText("softwaremodule__name"))),
        names("tag", _TAGS),
        names("tag.name", _TAGS),
        mapping("metadata", lambda name: FoldedMember("metadata", (), name)),
    ),
)

SOFTWARE_MODULES = Listing(
    "software-modules",
    (
        *_DESCRIBED,
        text("version"),
        text("vendor"),
        *_type(),
        boolean("encrypted", read="is_encrypted"),
        mapping("metadata", lambda name: FoldedMember("metadata", (), name, inner="value")),
    ),
)

DISTRIBUTION_SET_TYPES = Listing(
    "distribution-set-types", (*_DESCRIBED, text("key"), text("colour"))
)
SOFTWARE_MODULE_TYPES = Listing(
    "software-module-types",
    (*_DESCRIBED, text("key"), text("colour"), number("maxassignments", read="max_assignments")),
)
DISTRIBUTION_SET_TAGS = Listing(
    "distribution-set-tags",
    (
        *_DESCRIBED,
        text("colour"),
        of("distributionset.id", _OfTagged(NumberColumn(F("number"))), Kind.NUMBER),
        of("distributionset.name", _OfTagged(FoldedText(TITLE))),
    ),
)
