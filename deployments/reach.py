"""Which deployments a permission reaches, and what may be deployed to whom within bounds.

Within bounds are the deployments to groups of the scope alone, and those one has made oneself.
Source: Mender API, User administration, roles.
"""

from django.db.models import Q

from artifacts.models import Release
from artifacts.reach import releases_within
from auditlog.actor import Actor, ActorKind
from deployments.models import Deployment, DeploymentQuerySet
from deployments.planning import Plan
from deployments.targets import canonical
from fleet import reach
from fleet.models import Device, Organization
from fleet.permissions import holds, lacking, require_somewhere

ADD, VIEW = "deployments.add_deployment", "deployments.view_deployment"
CHANGE = "deployments.change_deployment"
VIEW_RELEASE = "artifacts.view_release"


def deployments_within(
    actor: Actor, permission: str, organization: Organization
) -> DeploymentQuerySet:
    """The deployments for which the actor holds the permission; raises Forbidden if for none."""
    deployments = Deployment.objects.of(organization)
    if holds(actor, permission):
        return deployments
    require_somewhere(actor, permission)
    # Nothing is made for more than one group.
    of_groups = Q(groups__in=[[group] for group in sorted(actor.scoped[permission])])
    return deployments.filter(of_groups | Q(created_by=actor.name[:512]))


def require_for(actor: Actor, permission: str, deployment: Deployment) -> None:
    """Raise Forbidden unless the actor holds the permission for this deployment."""
    if not holds_for(actor, permission, deployment):
        raise lacking(actor, permission)


def holds_for(actor: Actor, permission: str, deployment: Deployment) -> bool:
    """Whether the actor holds the permission for this deployment."""
    if holds(actor, permission):
        return True
    if not actor.may_somewhere(permission):
        return False
    is_own = deployment.created_by == actor.name[:512]
    is_theirs = deployment.groups and actor.scoped[permission].issuperset(deployment.groups)
    return bool(is_own or is_theirs)


def require_to_deploy(actor: Actor, organization: Organization, plan: Plan) -> None:
    """Raise Forbidden unless the actor may deploy this release to these devices.

    Within bounds that is to one group of the scope, or to one listed device of such a group.
    """
    if actor.kind == ActorKind.SYSTEM:
        return
    if not actor.may(ADD):
        _require_target(actor, organization, plan)
    if not actor.may(VIEW_RELEASE) and actor.may_somewhere(VIEW_RELEASE):
        _require_release(actor, organization, plan)


def _require_target(actor: Actor, organization: Organization, plan: Plan) -> None:
    if plan.target == Deployment.Target.GROUP and plan.group in actor.scoped.get(ADD, frozenset()):
        return
    if plan.target != Deployment.Target.DEVICES or len(plan.device_refs) != 1:
        raise lacking(actor, ADD)
    device_id = canonical(plan.device_refs[0])
    device = Device.objects.of(organization).filter(id=device_id).first() if device_id else None
    if device is None:
        raise lacking(actor, ADD)
    reach.require_for(actor, ADD, device)


def _require_release(actor: Actor, organization: Organization, plan: Plan) -> None:
    if not Release.objects.of(organization).filter(name=plan.release_name).exists():
        return
    within = releases_within(actor, VIEW_RELEASE, organization)
    if not within.filter(name=plan.release_name).exists():
        raise lacking(actor, VIEW_RELEASE)
