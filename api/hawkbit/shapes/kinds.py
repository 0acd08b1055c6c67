"""Target types and tags as hawkBit tells of them.

Source: hawkBit, target types, target tags and distribution set tags.
"""

from collections.abc import Sequence
from typing import Any

from api.hawkbit.members import milliseconds, told
from api.hawkbit.requests import Call, link
from fleet.models import Authored, Tag, TargetType

TARGET_TYPES = "/rest/v1/targettypes"
TAGS = {
    Tag.Kind.DEVICE: "/rest/v1/targettags",
    Tag.Kind.RELEASE: "/rest/v1/distributionsettags",
}
PAGE = "offset=0&limit=50"


def target_types(call: Call, rows: Sequence[TargetType]) -> list[dict[str, Any]]:
    return [_type(call, row) for row in rows]


def target_type(call: Call, row: TargetType) -> dict[str, Any]:
    """With all links, as one alone is told."""
    shape = _type(call, row)
    at = f"{TARGET_TYPES}/{row.pk}/compatibledistributionsettypes"
    shape["_links"]["compatibledistributionsettypes"] = link(call, at)
    return shape


def tags(call: Call, rows: Sequence[Tag]) -> list[dict[str, Any]]:
    """Of devices or of releases."""
    return [_tag(call, row) for row in rows]


def tag(call: Call, row: Tag) -> dict[str, Any]:
    """With all links, as one alone is told."""
    shape, kind = _tag(call, row), Tag.Kind(row.kind)
    assigned = link(call, f"{TAGS[kind]}/{row.pk}/assigned?{PAGE}")
    is_device = kind == Tag.Kind.DEVICE
    shape["_links"]["assignedTargets" if is_device else "assignedDistributionSets"] = assigned
    return shape


def _type(call: Call, row: TargetType) -> dict[str, Any]:
    return {
        **_declared(row),
        "id": row.pk,
        "key": row.key,
        "deleted": False,
        "_links": {"self": link(call, f"{TARGET_TYPES}/{row.pk}")},
    }


def _tag(call: Call, row: Tag) -> dict[str, Any]:
    return {
        **_declared(row),
        "id": row.pk,
        "_links": {"self": link(call, f"{TAGS[Tag.Kind(row.kind)]}/{row.pk}")},
    }


def _declared(row: TargetType | Tag) -> dict[str, Any]:
    return {
        **authored(row),
        **told(
            {
                "name": row.name,
                "description": row.description or None,
                "colour": row.colour or None,
            }
        ),
    }


def authored(row: Authored) -> dict[str, Any]:
    return {
        "createdBy": row.created_by,
        "createdAt": milliseconds(row.created_at),
        "lastModifiedBy": row.modified_by,
        "lastModifiedAt": milliseconds(row.modified_at),
    }
