"""People, and what they are in each organization."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from auditlog.actor import Actor, ActorKind
from auditlog.models import Action
from auditlog.record import record
from fleet.accounts import (
    check_email,
    check_password,
    replace_email,
    replace_password,
    subject_of,
)
from fleet.errors import Conflict, Invalid, NotFound
from fleet.grants import grants_of, grants_of_roles, require_no_less, united
from fleet.models import CustomRole, Membership, Organization, Role, User
from fleet.permissions import built_in_of, require


def actor_of(
    membership: Membership,
    *,
    address: str = "",
    via: str = "",
    token: str = "",
    has_own: bool = True,
) -> Actor:
    """The person as one who acts in this organization; `token` is the name of the one used.

    Costs a query unless `has_own` says that they have built-in roles only.
    """
    grants = grants_of(membership, has_own=has_own)
    return Actor(
        ActorKind.USER,
        str(membership.user_id),
        membership.user.email,
        membership.organization_id,
        address=address,
        via=via,
        token=token,
        permissions=grants.permissions,
        scoped=grants.scoped,
    )


def note_sign_in(user: User, *, address: str, via: str) -> None:
    """Write down that the person signed in, in the organization they joined first."""
    memberships = user.memberships.select_related("user", "organization")
    if membership := memberships.order_by("created_at").first():
        actor = actor_of(membership, address=address, via=via)
        record(actor, Action.SIGN_IN, subject_of(user))


def note_sign_out(actor: Actor, user: User) -> None:
    """Write down that the person ended a session, where they were looking."""
    record(actor, Action.SIGN_OUT, subject_of(user))


def membership_of(actor: Actor) -> Membership:
    """The membership an actor acts by; raises NotFound("member_unknown")."""
    if actor.kind == ActorKind.USER:
        rows = Membership.objects.select_related("user", "organization")
        found = rows.filter(user_id=UUID(actor.id), organization=actor.organization_id).first()
        if found is not None:
            return found
    raise _no_member()


@transaction.atomic
def add_member(
    *,
    actor: Actor,
    organization: Organization,
    email: str,
    role: str = "",
    further_roles: Sequence[str] = (),
    own_roles: Iterable[CustomRole] = (),
    password: str | None = None,
    name: str = "",
) -> Membership:
    """Make a person a member; one who is known by this e-mail, whatever its case, stays as is.

    A new person needs a password, one who is known must not be given any: whoever adds them would
    think that it opens the account, which another organization may have made with a password of
    its own. Administrators may use the admin. Raises Invalid (field "email", "roles" or
    "password"), Conflict("member_exists", "email_taken"), and Forbidden("beyond_own_rights") for
    roles that allow more than the actor may.
    """
    require(actor, "fleet.add_user")
    built_in = _in_order([role, *further_roles])
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    own = _still_there(organization, own_roles)
    require_no_less(actor, united(built_in, own), "give these roles")
    user = _known(organization, email, password) or _add_user(email, password, name)
    first, more = _first_and_more(built_in)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                user=user, organization=organization, role=first, further_roles=more
            )
    except IntegrityError as error:
        text = f"{user.email} is a member of {organization.name} already."
        raise Conflict("member_exists", text, field="email") from error
    membership.custom_roles.set(own)
    _open_admin(user)
    record(actor, Action.CREATE, subject_of(user), {"role": _told(built_in, own)})
    return membership


@transaction.atomic
def change_member(
    *,
    actor: Actor,
    membership: Membership,
    email: str | None = None,
    password: str | None = None,
    current_password: str = "",
    roles: tuple[Sequence[str], Iterable[CustomRole]] | None = None,
    keep: str = "",
) -> None:
    """Change what is not None, all of it or nothing; `roles` are built-in ones and own ones.

    Raises what `replace_email`, `replace_password` and `set_roles` raise.
    """
    user, change = membership.user, dict[str, object]()
    if email is not None:
        change |= replace_email(actor=actor, user=user, email=email, current=current_password)
    if password is not None:
        change |= replace_password(
            actor=actor, user=user, password=password, current=current_password, keep=keep
        )
    if roles is not None:
        change |= _replace_roles(actor, membership, roles[0], roles[1])
    if change:
        record(actor, Action.UPDATE, subject_of(user), change)


def change_role(*, actor: Actor, membership: Membership, role: str) -> None:
    """Give a member one built-in role in place of all they have; raises as `set_roles`."""
    set_roles(actor=actor, membership=membership, roles=[role])


@transaction.atomic
def set_roles(
    *,
    actor: Actor,
    membership: Membership,
    roles: Sequence[str],
    own_roles: Iterable[CustomRole] = (),
) -> None:
    """Give a member these roles, built-in ones and the organization's own, in place of all.

    Raises Invalid("role_unknown"), Conflict("last_administrator"), and
    Forbidden("beyond_own_rights") if the old or the new roles allow more than the actor may.
    """
    if change := _replace_roles(actor, membership, roles, own_roles):
        record(actor, Action.UPDATE, subject_of(membership.user), change)


def _replace_roles(
    actor: Actor, membership: Membership, roles: Sequence[str], own_roles: Iterable[CustomRole]
) -> dict[str, object]:
    require(actor, "fleet.change_user")
    built_in, current = _in_order(roles), _lock(membership)
    own, old_own = _still_there(current.organization, own_roles), list(current.custom_roles.all())
    before, after = _told(built_in_of(current), old_own), _told(built_in, own)
    if before == after:
        return {}
    require_no_less(actor, grants_of_roles(current), "change what this person may do")
    require_no_less(actor, united(built_in, own), "give these roles")
    if Role.ADMINISTRATOR not in built_in:
        _keep_an_administrator(current)
    first, more = _first_and_more(built_in)
    Membership.objects.filter(pk=current.pk).update(role=first, further_roles=more)
    current.custom_roles.set(own)
    _open_admin(current.user)
    return {"role": [before, after]}


@transaction.atomic
def remove_member(*, actor: Actor, membership: Membership) -> None:
    """End a membership and its tokens, and the account if it was the person's only one.

    A superuser's account stays. Raises Conflict("last_administrator"), and
    Forbidden("beyond_own_rights") for a member who may more than the actor.
    """
    require(actor, "fleet.delete_user")
    current = _lock(membership)
    require_no_less(actor, grants_of_roles(current), "remove this person")
    _keep_an_administrator(current)
    user, own = current.user, list(current.custom_roles.all())
    record(actor, Action.DELETE, subject_of(user), {"role": _told(built_in_of(current), own)})
    current.delete()
    if user.is_superuser or user.memberships.exists():
        _open_admin(user)
    else:
        user.delete()


def check_role(role: str) -> Role:
    """Read a role; raises Invalid("role_unknown")."""
    if role not in Role.values:
        text = f"A role is one of {', '.join(Role.values)}."
        raise Invalid("role_unknown", text, field="role")
    return Role(role)


def _in_order(roles: Iterable[str]) -> list[Role]:
    """Each role once, the administrator first: it is looked for there."""
    read = dict.fromkeys(check_role(role) for role in roles if role)
    return sorted(read, key=lambda role: role != Role.ADMINISTRATOR)


def _first_and_more(roles: list[Role]) -> tuple[str, list[str]]:
    """As a membership keeps them."""
    return (roles[0] if roles else ""), list(map(str, roles[1:]))


def _told(built_in: Iterable[Role], own: Iterable[CustomRole]) -> str:
    return ", ".join([*(str(role) for role in built_in), *sorted(role.name for role in own)])


def _still_there(organization: Organization, roles: Iterable[CustomRole]) -> list[CustomRole]:
    """The organization's own roles as they are now that it is locked."""
    wanted = {role.pk for role in roles}
    found = list(CustomRole.objects.filter(organization=organization, pk__in=wanted))
    if len(found) != len(wanted):
        raise Invalid("role_unknown", "There is no such role any more.", field="roles")
    return found


def _known(organization: Organization, email: str, password: str | None) -> User | None:
    """Locked, lest another organization removes them at this moment."""
    people = User.objects.select_for_update(no_key=True)
    user = people.filter(email__iexact=email.strip()).first()
    if user and password and not user.memberships.filter(organization=organization).exists():
        text = f"{user.email} has an account, whose password stays: add them without a password."
        raise Conflict("email_taken", text, field="password")
    return user


def _add_user(email: str, password: str | None, name: str) -> User:
    facts: dict[str, Any] = {"email": check_email(email), "name": name.strip()[:128]}
    if not password:
        raise Invalid("password_missing", "A new person needs a password.", field="password")
    check_password(password, User(**facts))
    try:
        with transaction.atomic():
            return User.objects.create_user(password=password, **facts)
    except IntegrityError as error:  # someone added the same person at this moment
        text = f"{facts['email']} has an account since this moment."
        raise Conflict("email_taken", text, field="email") from error


def _open_admin(user: User) -> None:
    """The admin is for superusers and for who administers an organization.

    The person is locked: another organization may be changing their role at this moment.
    """
    current = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    administers = current.memberships.filter(role=Role.ADMINISTRATOR).exists()
    if current.is_staff != (administers or current.is_superuser):
        current.is_staff = not current.is_staff
        current.save(update_fields=["is_staff", "updated_at"])
    user.is_staff = current.is_staff


def _lock(membership: Membership) -> Membership:
    """The membership as it is now; one change of an organization's members at a time.

    The person is locked before their tokens go, as whoever makes them a token does.
    """
    Organization.objects.select_for_update(no_key=True).get(pk=membership.organization_id)
    User.objects.select_for_update(no_key=True).filter(pk=membership.user_id).first()
    rows = Membership.objects.select_related("user", "organization")
    current = rows.filter(pk=membership.pk).first()
    if current is None:
        raise _no_member()
    return current


def _no_member() -> NotFound:
    return NotFound("member_unknown", "no such member of this organization")


def _keep_an_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(
        organization=membership.organization_id, role=Role.ADMINISTRATOR, user__is_active=True
    ).exclude(pk=membership.pk)
    if membership.role == Role.ADMINISTRATOR and not others.exists():
        text = "An organization needs an administrator, and this is the last one."
        raise Conflict("last_administrator", text)
