"""People, and what they are in each organization."""

from typing import Any
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from auditlog.actor import Actor, ActorKind
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Forbidden, Invalid, NotFound
from fleet.models import AccessToken, Membership, Organization, Role, User
from fleet.permissions import permissions_of, require


def actor_of(membership: Membership, *, address: str = "", via: str = "", token: str = "") -> Actor:
    """The person as one who acts in this organization; `token` is the name of the one used."""
    return Actor(
        ActorKind.USER,
        str(membership.user_id),
        membership.user.email,
        membership.organization_id,
        address=address,
        via=via,
        token=token,
        permissions=permissions_of(membership),
    )


def note_sign_in(user: User, *, address: str, via: str) -> None:
    """Write down that the person signed in, in the organization they joined first."""
    memberships = user.memberships.select_related("user", "organization")
    if membership := memberships.order_by("created_at").first():
        actor = actor_of(membership, address=address, via=via)
        record(actor, Action.SIGN_IN, subject_of(user))


def membership_of(actor: Actor) -> Membership:
    """The membership an actor acts by; raises NotFound("member_unknown")."""
    if actor.kind == ActorKind.USER:
        rows = Membership.objects.select_related("user", "organization")
        found = rows.filter(user_id=UUID(actor.id), organization=actor.organization_id).first()
        if found is not None:
            return found
    raise NotFound("member_unknown", "no such member of this organization")


@transaction.atomic
def add_member(
    *,
    actor: Actor,
    organization: Organization,
    email: str,
    role: str,
    password: str | None = None,
    name: str = "",
) -> Membership:
    """Make a person a member; one who is known by this e-mail, whatever its case, stays as is.

    A new person needs a password. Administrators may use the admin. Raises Invalid (field
    "email", "role" or "password") and Conflict("member_exists").
    """
    require(actor, "fleet.add_user")
    role = check_role(role)
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        user = _add_user(actor, email, password, name)
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, organization=organization, role=role)
    except IntegrityError as error:
        text = f"{user.email} is a member of {organization.name} already."
        raise Conflict("member_exists", text, field="email") from error
    _open_admin(user)
    record(actor, Action.CREATE, subject_of(user), {"role": role})
    return membership


@transaction.atomic
def change_role(*, actor: Actor, membership: Membership, role: str) -> None:
    """Give a member another role; raises Invalid, Conflict("last_administrator")."""
    require(actor, "fleet.change_user")
    role = check_role(role)
    current = _lock(membership)
    if current.role == role:
        return
    _keep_an_administrator(current)
    Membership.objects.filter(pk=current.pk).update(role=role)
    _open_admin(current.user)
    record(actor, Action.UPDATE, subject_of(current.user), {"role": [current.role, role]})


@transaction.atomic
def remove_member(*, actor: Actor, membership: Membership) -> None:
    """End a membership and its tokens; raises Conflict("last_administrator")."""
    require(actor, "fleet.delete_user")
    current = _lock(membership)
    _keep_an_administrator(current)
    record(actor, Action.DELETE, subject_of(current.user), {"role": current.role})
    current.delete()
    _open_admin(current.user)


@transaction.atomic
def change_password(*, actor: Actor, user: User, password: str) -> None:
    """Set a password, and end the person's sessions by token; raises Invalid("password_invalid").

    One's own only: it opens all organizations the person is in, be they the actor's or not.
    Source: Mender API, User administration.
    """
    if actor.kind != ActorKind.SYSTEM and actor.id != str(user.pk):
        raise Forbidden("forbidden", "A password is changed by its owner only.")
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    AccessToken.objects.filter(membership__user=user, kind=AccessToken.Kind.SESSION).delete()
    record(actor, Action.UPDATE, subject_of(user), {"password": "changed"})


def check_role(role: str) -> Role:
    """Read a role; raises Invalid("role_unknown")."""
    if role not in Role.values:
        text = f"A role is one of {', '.join(Role.values)}."
        raise Invalid("role_unknown", text, field="role")
    return Role(role)


def check_password(password: str, user: User) -> None:
    """Raise Invalid("password_invalid") with a sentence for each rule that is broken."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        text = " ".join(error.messages)
        raise Invalid("password_invalid", text, field="password") from error


def subject_of(user: User) -> Subject:
    return Subject("user", user.pk, user.email)


def _add_user(actor: Actor, email: str, password: str | None, name: str) -> User:
    facts: dict[str, Any] = {"email": email.strip().lower(), "name": name.strip()[:128]}
    try:
        validate_email(facts["email"])
    except ValidationError as error:
        text = f"“{email}” is no e-mail address."
        raise Invalid("email_invalid", text, field="email") from error
    if len(facts["email"]) > 254:
        raise Invalid("email_invalid", "The e-mail address is too long.", field="email")
    if not password:
        raise Invalid("password_missing", "A new person needs a password.", field="password")
    check_password(password, User(**facts))
    try:
        with transaction.atomic():
            return User.objects.create_user(password=password, **facts)
    except IntegrityError:  # someone added the same person at this moment
        return User.objects.by_email(facts["email"])


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
    User.objects.select_for_update(no_key=True).get(pk=membership.user_id)
    current = Membership.objects.select_related("user").filter(pk=membership.pk).first()
    if current is None:
        raise NotFound("member_unknown", "no such member of this organization")
    return current


def _keep_an_administrator(membership: Membership) -> None:
    others = Membership.objects.filter(
        organization=membership.organization_id, role=Role.ADMINISTRATOR, user__is_active=True
    ).exclude(pk=membership.pk)
    if membership.role == Role.ADMINISTRATOR and not others.exists():
        text = "An organization needs an administrator, and this is the last one."
        raise Conflict("last_administrator", text)
