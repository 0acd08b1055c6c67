"""Types of software modules and of distribution sets as hawkBit tells of them."""

from collections.abc import Sequence
from typing import Any

from api.hawkbit.members import told
from api.hawkbit.requests import Call, link
from api.hawkbit.shapes.repository import MODULE_TYPES, SET_TYPES, authorship
from artifacts.models import ModuleType, ReleaseType


def module_type(call: Call, row: ModuleType) -> dict[str, Any]:
    return _described(row) | {
        "maxAssignments": row.max_assignments,
        "_links": {"self": link(call, f"{MODULE_TYPES}/{row.pk}")},
    }


def set_type(call: Call, row: ReleaseType) -> dict[str, Any]:
    """One type with all its links."""
    at = f"{SET_TYPES}/{row.pk}"
    shape = listed_set_type(call, row)
    shape["_links"] |= {
        "mandatorymodules": link(call, f"{at}/mandatorymoduletypes"),
        "optionalmodules": link(call, f"{at}/optionalmoduletypes"),
    }
    return shape


def listed_set_type(call: Call, row: ReleaseType) -> dict[str, Any]:
    return _described(row) | {"_links": {"self": link(call, f"{SET_TYPES}/{row.pk}")}}


def set_types(call: Call, rows: Sequence[ReleaseType]) -> list[dict[str, Any]]:
    return [listed_set_type(call, row) for row in rows]


def module_types(call: Call, rows: Sequence[ModuleType]) -> list[dict[str, Any]]:
    return [module_type(call, row) for row in rows]


def _described(row: ModuleType | ReleaseType) -> dict[str, Any]:
    return told(
        {
            **authorship(row),
            "name": row.name,
            "description": row.description or None,
            "key": row.key,
            "colour": row.colour or None,
            "deleted": row.deleted_at is not None,
            "id": row.pk,
        }
    )
