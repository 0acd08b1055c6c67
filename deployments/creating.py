"""Create a deployment: one transaction, one row per device, refused as a whole or made whole."""

import hashlib
import json
from dataclasses import asdict, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from artifacts.completeness import is_deployable
from artifacts.locking import lock_if_wanted
from artifacts.models import Release
from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from deployments.control_maps import check_control_map, stamped
from deployments.enlisting import enlist
from deployments.models import Deployment, Phase
from deployments.planning import MAX_LIMIT, MAX_RETRIES, Plan, cut_plan
from deployments.reach import require_to_deploy
from deployments.signals import DeploymentEvent, tell
from deployments.targets import Targets, targets_of
from fleet.conditions import kept_of
from fleet.errors import Conflict, Invalid
from fleet.models import Organization
from fleet.texts import is_storable

_LATER = frozenset({"in_flight_limit", "expires_at"})


def create_deployment(*, actor: Actor, organization: Organization, plan: Plan) -> Deployment:
    """Make the deployment and a row for each device it is for; none yet if it is dynamic.

    Raises Forbidden, Invalid "invalid_phases", "empty_phase", "no_devices" or one naming its field,
    Conflict "no_artifact" where no artifact has the release's name, or "duplicate_deployment"
    with the id of the active one in `details["deployment"]` (Mender API, Create deployment).
    """
    require_to_deploy(actor, organization, plan)
    check(plan)
    targets = targets_of(organization, plan)
    with transaction.atomic():
        now = timezone.now()
        cut_plan(plan, size_of(targets), now=now)
        # Locked: its last artifact cannot be deleted while we commit to it.
        releases = Release.objects.of(organization).select_for_update()
        release = release_named(releases, plan.release_name)
        lock_if_wanted(release, organization)
        deployment = _insert(actor, plan, targets, release, now)
        if not deployment.is_dynamic:
            # Somebody may have been accepted meanwhile: the rows written are what counts.
            deployment.size = someone(enlist(deployment, targets))
            deployment.save(update_fields=["size"])
        _insert_phases(deployment, plan, now)
        record(actor, Action.CREATE, subject(deployment), _summary(deployment, plan))
        tell(deployment, DeploymentEvent.CREATED, now)
    return deployment


def check(plan: Plan) -> None:
    """Raise Invalid where the plan itself, whatever the fleet, makes no sense."""
    check_name(plan.name)
    _check_text("release_name", plan.release_name, 4096)
    if not 0 <= plan.retries <= MAX_RETRIES:
        raise Invalid("invalid_retries", f"Retries are 0 to {MAX_RETRIES}", field="retries")
    if plan.max_devices is not None:
        _check_limit(plan, plan.max_devices)
    _check_bounds(plan, timezone.now())
    if plan.update_control_map is not None:
        check_control_map(plan.update_control_map)


def check_name(name: str) -> None:
    """Raise Invalid "invalid_name" unless it is a text of 1 to 256 characters."""
    _check_text("name", name, 256)


def _check_limit(plan: Plan, limit: int) -> None:
    if plan.target != Deployment.Target.FILTER:
        message = "Only a deployment by filter has a limit of devices"
        raise Invalid("invalid_max_devices", message, field="max_devices")
    if not 1 <= limit <= MAX_LIMIT:
        message = f"A limit of devices is 1 to {MAX_LIMIT}"
        raise Invalid("invalid_max_devices", message, field="max_devices")


def _check_bounds(plan: Plan, now: datetime) -> None:
    """What holds of so many at once, or until then, suits those whose devices are known."""
    is_dynamic = plan.target == Deployment.Target.FILTER
    if plan.in_flight_limit is not None:
        field = "in_flight_limit"
        if is_dynamic or not 1 <= plan.in_flight_limit <= MAX_LIMIT:
            message = f"A limit of devices at it at once is 1 to {MAX_LIMIT}, and of no filter"
            raise Invalid(f"invalid_{field}", message, field=field)
    if plan.expires_at is not None:
        latest = max((phase.starts_at or now for phase in plan.phases), default=now)
        if is_dynamic or plan.expires_at <= max(latest, now):
            message = "It expires in the future, after its last phase opens, and is for no filter"
            raise Invalid("invalid_expires_at", message, field="expires_at")


def size_of(targets: Targets) -> int:
    """How many devices there are for it now; raises Invalid "no_devices" where that is final."""
    count = targets.count()
    return count if targets.filter else someone(count)


def made_by(actor: Actor) -> dict[str, str]:
    """What a deployment remembers of who made it."""
    return {
        "created_by": actor.name[:512],
        "created_from": actor.address,
        "created_via": actor.via[:64],
    }


def subject(deployment: Deployment) -> Subject:
    return Subject("deployment", deployment.id, deployment.name)


def _check_text(field: str, text: str, longest: int) -> None:
    if not 1 <= len(text) <= longest or not is_storable(text):
        label = field.replace("_", " ").capitalize()
        raise Invalid(f"invalid_{field}", f"{label}: 1 to {longest} characters", field=field)


def someone(size: int) -> int:
    """The number of devices, if there are any; raises Invalid "no_devices"."""
    if not size:
        raise Invalid("no_devices", "No devices for the deployment", field="devices")
    return size


def release_named(releases: QuerySet[Release], name: str) -> Release:
    """The release of this name, with something to install; raises Conflict "no_artifact"."""
    release = releases.filter(name=name).first()
    if release is None or not is_deployable(release):
        raise Conflict("no_artifact", "No artifact for the deployment", field="release_name")
    return release


def _insert(
    actor: Actor, plan: Plan, targets: Targets, release: Release, now: datetime
) -> Deployment:
    deployment = Deployment(
        organization=targets.organization,
        name=plan.name,
        release=release,
        release_name=release.name,
        target=plan.target,
        groups=[targets.group] if targets.group else [],
        filter=kept_of(targets.filter) if targets.filter else None,
        max_devices=plan.max_devices,
        in_flight_limit=plan.in_flight_limit,
        expires_at=plan.expires_at,
        size=targets.count() if targets.filter else 0,
        is_phased=bool(plan.phases),
        retries=plan.retries,
        force_installation=plan.force_installation,
        request_digest=digest(plan, targets),
        created_at=now,
        **made_by(actor),
    )
    if plan.update_control_map is not None:
        deployment.update_control_map = stamped(plan.update_control_map, deployment.id)
    try:
        with transaction.atomic():
            deployment.save(force_insert=True)
    except IntegrityError:
        raise duplicate(deployment) from None
    return deployment


def duplicate(deployment: Deployment) -> Conflict:
    """What to raise where an active deployment has the same parameters."""
    active = Deployment.objects.of(deployment.organization).active()
    twin = active.filter(request_digest=deployment.request_digest).first()
    return Conflict(
        "duplicate_deployment",
        "There is already an active deployment with the same parameters",
        details={"deployment": twin.id} if twin else {},
    )


def digest(plan: Plan, targets: Targets) -> str:
    """The same for two plans that ask for the same, in whatever order they list devices."""
    asked = asdict(replace(plan, device_refs=(), group=targets.group))
    # What came later is not part of what was kept of older ones.
    asked = {name: value for name, value in asked.items() if name not in _LATER or value}
    query = {"query": targets.filter.query} if targets.filter and targets.filter.query else {}
    asked |= {"device_refs": targets.names()} | query
    text = json.dumps(asked, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _insert_phases(deployment: Deployment, plan: Plan, now: datetime) -> None:
    Phase.objects.bulk_create(
        Phase(
            deployment=deployment,
            position=position,
            percent=piece.percent,
            starts_at=piece.starts_at,
            quota=piece.quota,
        )
        for position, piece in enumerate(cut_plan(plan, deployment.size, now=now))
    )


def _summary(deployment: Deployment, plan: Plan) -> dict[str, object]:
    dynamic = {"filter": deployment.filter, "max_devices": plan.max_devices}
    return (dynamic if deployment.is_dynamic else {}) | {
        "release": deployment.release_name,
        "target": plan.target.value,
        "group": plan.group,
        **({"q": plan.q} if plan.q else {}),
        **({"in_flight_limit": plan.in_flight_limit} if plan.in_flight_limit else {}),
        **({"expires_at": plan.expires_at.isoformat()} if plan.expires_at else {}),
        "devices": deployment.size,
        "phases": len(plan.phases),
        "retries": plan.retries,
        "force_installation": plan.force_installation,
        "update_control_map": deployment.update_control_map,
    }
