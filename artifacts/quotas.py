"""How much an organization stores, and how much it may."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from artifacts.models import Artifact, ModuleFile, PendingUpload
from fleet.errors import LimitReached
from fleet.models import Organization


def storage_usage(organization: Organization | UUID) -> int:
    """Bytes of all artifacts and files of modules, and of what has come in to become some."""
    pending = PendingUpload.objects.filter(organization=organization)
    files = ModuleFile.objects.filter(organization=organization)
    kinds: list[QuerySet[Any]] = [Artifact.objects.of(organization), files, pending]
    return sum(rows.aggregate(total=Sum("size"))["total"] or 0 for rows in kinds)


def storage_left(organization: Organization) -> int | None:
    """Bytes that may still be stored, never negative; None is unlimited."""
    if organization.storage_limit is None:
        return None
    return max(0, organization.storage_limit - storage_usage(organization))


def require_storage(organization_id: UUID, size: int) -> None:
    """Claim `size` bytes until the transaction ends: two claims at once count one another.

    Raises LimitReached("storage_quota").
    """
    limited = Organization.objects.filter(storage_limit__isnull=False)
    claimant = limited.select_for_update(no_key=True).filter(pk=organization_id).first()
    left = storage_left(claimant) if claimant else None
    if left is not None and size > left:
        raise storage_quota_reached()


def storage_quota_reached() -> LimitReached:
    return LimitReached("storage_quota", "The organization has no room left for this artifact.")
