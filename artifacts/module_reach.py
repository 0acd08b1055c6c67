"""Which software modules a permission reaches: all, or those of the releases within its bounds."""

from django.db.models import QuerySet

from artifacts.models import Release, SoftwareModule
from artifacts.reach import releases_within
from auditlog.actor import Actor
from fleet.models import Organization
from fleet.permissions import holds, lacking


def modules_within(
    actor: Actor, permission: str, organization: Organization
) -> QuerySet[SoftwareModule]:
    """The modules, the deleted ones too; raises Forbidden if the actor holds it for none."""
    modules = SoftwareModule.objects.filter(organization=organization)
    if holds(actor, permission):
        return modules
    releases = releases_within(actor, permission, organization)
    parts = SoftwareModule.objects.filter(releases__in=releases.values("number"))
    return modules.filter(number__in=parts.values("number"))


def require_for_module(actor: Actor, permission: str, module: SoftwareModule) -> None:
    """Raise Forbidden unless the actor holds the permission for all releases that have the module.

    Within bounds nobody reaches one that is in no release.
    """
    if holds(actor, permission):
        return
    reached = releases_within(actor, permission, module.organization).values("number")
    releases = Release.objects.filter(modules=module, deleted_at__isnull=True)
    if not releases.exists() or releases.exclude(number__in=reached).exists():
        raise lacking(actor, permission)
