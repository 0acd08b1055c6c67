"""The distribution sets, modules and types that a call is about, as far as permissions reach."""

from typing import TypeVar

from django.db.models import QuerySet

from api.hawkbit.errors import not_found, not_readable
from api.hawkbit.requests import Call
from artifacts.completeness import with_parts
from artifacts.models import (
    ModuleType,
    Release,
    ReleaseQuerySet,
    ReleaseType,
    SoftwareModule,
)
from artifacts.module_reach import modules_within
from artifacts.reach import releases_within

VIEW = "artifacts.view_release"
EXCLUDE = "EXCLUDE_SOFT_DELETED"

Kept = TypeVar("Kept", Release, SoftwareModule, ModuleType, ReleaseType)
Type = TypeVar("Type", ModuleType, ReleaseType)
_CALLED: dict[type[ModuleType | ReleaseType], str] = {
    ModuleType: "SoftwareModuleType",
    ReleaseType: "DistributionSetType",
}


def set_rows(call: Call, permission: str = VIEW) -> ReleaseQuerySet:
    """Those for which the caller holds the permission, the deleted ones too, with their parts."""
    found = releases_within(call.actor, permission, call.organization, with_deleted=True)
    return with_parts(found)


def set_numbered(call: Call, number: int, permission: str = VIEW) -> Release:
    """Raises Refused (404), and Forbidden if the permission is held for none."""
    found = set_rows(call, permission).filter(pk=number).first()
    if found is None:
        raise not_found("DistributionSet", number)
    return found


def module_rows(call: Call, permission: str = VIEW) -> QuerySet[SoftwareModule]:
    """As `set_rows`, of modules, with their types."""
    return modules_within(call.actor, permission, call.organization).select_related("type")


def module_numbered(call: Call, number: int, permission: str = VIEW) -> SoftwareModule:
    """Raises as `set_numbered` does."""
    found = module_rows(call, permission).filter(pk=number).first()
    if found is None:
        raise not_found("SoftwareModule", number)
    return found


def type_rows(call: Call, kind: type[Type]) -> QuerySet[Type]:
    """Whoever sees anything of the repository sees its types."""
    return kind._default_manager.filter(organization=call.organization)


def type_numbered(call: Call, kind: type[Type], number: int) -> Type:
    """Raises Refused (404)."""
    found = type_rows(call, kind).filter(pk=number).first()
    if found is None:
        raise not_found(_CALLED[kind], number)
    return found


def undeleted(call: Call, rows: QuerySet[Kept]) -> QuerySet[Kept]:
    """Without those that are deleted, unless `soft_deleted_mode` says otherwise; raises Refused."""
    match call.GET.get("soft_deleted_mode", EXCLUDE).upper():
        case "EXCLUDE_SOFT_DELETED":
            return rows.filter(deleted_at__isnull=True)
        case "INCLUDE_SOFT_DELETED":
            return rows
        case "ONLY_SOFT_DELETED":
            return rows.filter(deleted_at__isnull=False)
        case _:
            raise not_readable()
