"""Distribution sets and software modules as hawkBit tells of them.

Source: the seed, GET /rest/v1/targets/{targetId}/assignedDS; hawkBit, the other resources.
"""

from typing import Any

from api.hawkbit.members import milliseconds, told
from api.hawkbit.requests import Call, link
from artifacts.completeness import is_complete
from artifacts.models import Release, SoftwareModule
from fleet.models.authored import Authored

SETS, MODULES = "/rest/v1/distributionsets", "/rest/v1/softwaremodules"
SET_TYPES, MODULE_TYPES = "/rest/v1/distributionsettypes", "/rest/v1/softwaremoduletypes"
PAGE = "?offset=0&limit=50"


def distribution_set(call: Call, release: Release) -> dict[str, Any]:
    """One set with all its links; read with `artifacts.completeness.with_parts`, or alone."""
    at = f"{SETS}/{release.pk}"
    links = {
        "modules": templated(call, f"{at}/assignedSM{PAGE}{{&sort}}"),
        "type": link(call, f"{SET_TYPES}/{release.type_id}") if release.type_id else None,
        "metadata": templated(call, f"{at}/metadata{PAGE}{{&sort,q}}"),
    }
    shape = listed_set(call, release)
    shape["_links"] |= told(links)
    return shape


def listed_set(call: Call, release: Release) -> dict[str, Any]:
    """One of several sets; to be read with `artifacts.completeness.with_parts`."""
    return told(
        {
            **authorship(release),
            "name": release.title or release.name,
            "description": release.description or None,
            "version": release.version or release.name,
            "modules": [listed_module(call, module) for module in release.modules.all()],
            "requiredMigrationStep": release.is_migration_step,
            "type": release.type.key if release.type else None,
            "typeName": release.type.name if release.type else None,
            "complete": is_complete(release),
            "deleted": release.deleted_at is not None,
            "locked": release.is_locked,
            "valid": release.invalidated_at is None,
            "_links": {"self": link(call, f"{SETS}/{release.pk}")},
            "id": release.pk,
        }
    )


def software_module(call: Call, module: SoftwareModule) -> dict[str, Any]:
    """One module with all its links."""
    at = f"{MODULES}/{module.pk}"
    shape = listed_module(call, module)
    shape["_links"] |= {
        "artifacts": link(call, f"{at}/artifacts"),
        "type": link(call, f"{MODULE_TYPES}/{module.type_id}"),
        "metadata": templated(call, f"{at}/metadata{PAGE}{{&sort,q}}"),
    }
    return shape


def listed_module(call: Call, module: SoftwareModule) -> dict[str, Any]:
    """One of several modules; to be read with its type."""
    return told(
        {
            **authorship(module),
            "name": module.name,
            "description": module.description or None,
            "version": module.version,
            "type": module.type.key,
            "typeName": module.type.name,
            "vendor": module.vendor or None,
            "deleted": module.deleted_at is not None,
            "locked": module.is_locked,
            "encrypted": module.is_encrypted,
            "complete": True,
            "_links": {"self": link(call, f"{MODULES}/{module.pk}")},
            "id": module.pk,
        }
    )


def authorship(row: Authored | Release) -> dict[str, Any]:
    return {
        "createdBy": row.created_by,
        "createdAt": milliseconds(row.created_at),
        "lastModifiedBy": row.modified_by,
        "lastModifiedAt": milliseconds(row.modified_at),
    }


def templated(call: Call, path: str) -> dict[str, Any]:
    return {**link(call, path), "templated": True}
