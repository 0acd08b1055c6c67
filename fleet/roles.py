"""An organization's own roles. Source: Mender API, User administration, roles."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid, LimitReached, NotFound
from fleet.grants import grants_of_sets, require_no_less
from fleet.models import CustomRole, Organization, Role
from fleet.permission_sets import read_sets
from fleet.permissions import require

MOST_ROLES = 200
NAME_LENGTH = 128
DESCRIPTION_LENGTH = 1024
# What Mender calls its own; nobody else's role may look like one.
RESERVED = "RBAC_ROLE_"


def roles_of(organization: Organization) -> QuerySet[CustomRole]:
    """By name."""
    return CustomRole.objects.filter(organization=organization)


def roles_named(
    organization: Organization, names: Iterable[str]
) -> tuple[list[str], list[CustomRole]]:
    """Built-in roles and the organization's own; raises Invalid("role_unknown")."""
    wanted = list(dict.fromkeys(names))
    built_in = [name for name in wanted if name in Role.values]
    own = list(roles_of(organization).filter(name__in=wanted))
    if missing := set(wanted) - set(built_in) - {role.name for role in own}:
        text = f"roles: there is no role {min(missing)[:NAME_LENGTH]}"
        raise Invalid("role_unknown", text, field="roles")
    return built_in, own


@transaction.atomic
def add_role(
    *,
    actor: Actor,
    organization: Organization,
    name: str,
    permission_sets: object,
    description: str = "",
) -> CustomRole:
    """Add a role of permission sets, each a `{name, scope?}`.

    Raises Invalid (field "name", "description" or "permission_sets_with_scope"),
    Conflict("role_exists"), LimitReached("role_limit"), and Forbidden("beyond_own_rights") for a
    role that allows more than the actor may.
    """
    require(actor, "fleet.add_customrole")
    sets = read_sets(permission_sets)
    _check_name(name)
    _check_description(description)
    require_no_less(actor, grants_of_sets(sets), "add such a role")
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if roles_of(organization).count() >= MOST_ROLES:
        raise LimitReached("role_limit", f"An organization has at most {MOST_ROLES} roles.")
    try:
        with transaction.atomic():
            role = CustomRole.objects.create(
                organization=organization,
                name=name,
                description=description,
                permission_sets=sets,
            )
    except IntegrityError as error:
        raise Conflict("role_exists", f"There is a role {name} already.", field="name") from error
    record(actor, Action.CREATE, subject_of(role), {"permission_sets": sets})
    return role


@transaction.atomic
def change_role(
    *, actor: Actor, role: CustomRole, permission_sets: object, description: str | None = None
) -> None:
    """Give a role other permission sets, and another description unless that is None.

    Takes effect at once for everybody who has it. Raises as `add_role`, and NotFound.
    """
    require(actor, "fleet.change_customrole")
    sets = read_sets(permission_sets)
    current = _locked(role)
    said = current.description if description is None else description
    _check_description(said)
    require_no_less(actor, grants_of_sets(current.permission_sets), "change this role")
    require_no_less(actor, grants_of_sets(sets), "make a role of this")
    change: dict[str, Any] = {}
    if current.permission_sets != sets:
        change["permission_sets"] = [current.permission_sets, sets]
    if current.description != said:
        change["description"] = [current.description, said]
    if not change:
        return
    CustomRole.objects.filter(pk=current.pk).update(
        permission_sets=sets, description=said, updated_at=timezone.now()
    )
    record(actor, Action.UPDATE, subject_of(current), change)


@transaction.atomic
def remove_role(*, actor: Actor, role: CustomRole) -> None:
    """Remove a role that nobody has; raises Conflict("role_used"), NotFound("role_not_found")."""
    require(actor, "fleet.delete_customrole")
    current = _locked(role)
    if current.memberships.exists():
        raise Conflict("role_used", f"Somebody still has the role {current.name}.")
    record(actor, Action.DELETE, subject_of(current))
    current.delete()


def subject_of(role: CustomRole) -> Subject:
    return Subject("role", role.pk, role.name)


def _check_name(name: str) -> None:
    is_plain = name.isprintable() and "/" not in name and name == name.strip()
    if not 1 <= len(name) <= NAME_LENGTH or not is_plain:
        text = f"name: a role has a name of 1 to {NAME_LENGTH} characters, without a slash"
        raise Invalid("role_name_invalid", text, field="name")
    if name.startswith(RESERVED) or name in Role.values:
        raise Invalid(
            "role_name_invalid", "name: this is the name of a built-in role", field="name"
        )


def _check_description(description: str) -> None:
    if len(description) > DESCRIPTION_LENGTH:
        text = f"description: at most {DESCRIPTION_LENGTH} characters"
        raise Invalid("description_too_long", text, field="description")


def _locked(role: CustomRole) -> CustomRole:
    """The role as it is now; no member is given it meanwhile."""
    Organization.objects.select_for_update(no_key=True).get(pk=role.organization_id)
    current = CustomRole.objects.filter(pk=role.pk).first()
    if current is None:
        raise NotFound("role_not_found", "role not found")
    return current
