"""What devices can be searched for by: the fields that the criteria and the query text know.

Values are compared in small letters but for words, which are spelt as `search.words` has them, and
numbers are their digits. Source: Carbon Black, Devices API, search criteria.
"""

from uuid import UUID

from django.db.models import F

from api.carbonblack.search import rules
from api.carbonblack.search.places import DeviceNumber, PolicyNumber, Version, Words
from api.carbonblack.search.words import DeploymentType, DeviceStatus, Os, TargetPriority
from fleet.models import KitType
from query.columns import MomentColumn, TextValue
from query.compiling import Target
from query.folded import FoldedText
from query.listing import Column, Kind, Listing

# What a word is looked for in that stands alone.
SEARCHED = ("name", "address")
CONTACT = "last_contact_time"


def fields_of(organization_id: UUID) -> Listing:
    """The fields, for devices of this organization."""
    return Listing(
        "devices",
        (
            _text("id", DeviceNumber()),
            _text("name", FoldedText("name")),
            _choice("os", Os.values, Words(rules.has_os)),
            _text("os_version", TextValue(rules.VERSION_OF_OS)),
            _text("sensor_version", Version(organization_id)),
            _choice("sensor_kit_type", KitType.values, Words(rules.has_kit)),
            _choice("deployment_type", DeploymentType.values, Words(rules.has_deployment_type)),
            _text("policy_id", PolicyNumber(organization_id)),
            _text("policy_name", FoldedText("group")),
            _choice("target_priority", TargetPriority.values, Words(rules.has_target_priority)),
            _choice("status", DeviceStatus.values, Words(rules.has_status(organization_id))),
            Column(
                name=CONTACT,
                kind=Kind.MOMENT,
                help="",
                target=MomentColumn(F("contact__seen_at")),
            ),
            # Known to words that stand alone, and to no criterion.
            _text("address", FoldedText("address")),
        ),
    )


NAMES = (
    "id",
    "name",
    "os",
    "os_version",
    "sensor_version",
    "sensor_kit_type",
    "deployment_type",
    "policy_id",
    "policy_name",
    "target_priority",
    "status",
)


def _text(name: str, target: Target) -> Column:
    return Column(name=name, kind=Kind.TEXT, help="", target=target)


def _choice(name: str, words: list[str], target: Target) -> Column:
    return Column(name=name, kind=Kind.CHOICE, help="", choices=tuple(words), target=target)
