"""A person's own account: e-mail and password, which open every organization they are in."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from auditlog.actor import Actor, ActorKind
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Forbidden, Invalid
from fleet.grants import most_of, require_no_less
from fleet.models import AccessToken, User
from fleet.permissions import require

EMAIL_LENGTH = 254


@transaction.atomic
def change_password(
    *, actor: Actor, user: User, password: str, current: str = "", keep: str = ""
) -> None:
    """Set a password, and end the person's sessions by token but for the one with digest `keep`.

    One's own takes the `current` one; that of another takes what `require_account` asks. Raises
    Invalid("password_invalid", "password_wrong"), Forbidden.
    Source: Mender API, User administration.
    """
    require_account(actor, user)
    _check_current(actor, user, current)
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    sessions = AccessToken.objects.filter(membership__user=user, kind=AccessToken.Kind.SESSION)
    sessions.exclude(digest=keep).delete()
    record(actor, Action.UPDATE, subject_of(user), {"password": "changed"})


@transaction.atomic
def change_email(*, actor: Actor, user: User, email: str, current: str = "") -> None:
    """Give a person another address, and end the second factor that was bound to the old one.

    As for a password, one's own takes the `current` password. Raises Invalid("email_invalid",
    "password_wrong"), Conflict("email_taken"), Forbidden.
    Source: Mender API, User administration.
    """
    require_account(actor, user)
    email, old = check_email(email), user.email
    if email == old:
        return
    _check_current(actor, user, current)
    change = {"email": [old, email]}
    if user.two_factor != User.TwoFactor.DISABLED:
        change["two_factor"] = [user.two_factor, User.TwoFactor.DISABLED]
    user.email, user.two_factor, user.totp_secret = email, User.TwoFactor.DISABLED, ""
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "two_factor", "totp_secret", "updated_at"])
    except IntegrityError as error:
        user.email = old
        raise Conflict("email_taken", f"{email} is somebody else’s.", field="email") from error
    record(actor, Action.UPDATE, subject_of(user), change)


def require_account(actor: Actor, user: User) -> None:
    """Raise Forbidden unless it is the actor's own account, or theirs to manage.

    Others manage it who may change people, in its only organization, and may no less than it:
    an account opens all organizations its owner is in.
    """
    if actor.kind == ActorKind.SYSTEM or is_own(actor, user):
        return
    require(actor, "fleet.change_user")
    memberships = list(user.memberships.select_related("user"))
    if [each.organization_id for each in memberships] != [actor.organization_id]:
        text = f"{user.email} is in other organizations too: only they themself can change this."
        raise Forbidden("account_shared", text)
    require_no_less(actor, most_of(memberships[0]), "change this account")


def is_own(actor: Actor, user: User) -> bool:
    return actor.kind == ActorKind.USER and actor.id == str(user.pk)


def check_email(email: str) -> str:
    """The address as it is kept; raises Invalid("email_invalid")."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        text = f"“{email[:EMAIL_LENGTH]}” is no e-mail address."
        raise Invalid("email_invalid", text, field="email") from error
    if len(email) > EMAIL_LENGTH:
        raise Invalid("email_invalid", "The e-mail address is too long.", field="email")
    return email


def check_password(password: str, user: User) -> None:
    """Raise Invalid("password_invalid") with a sentence for each rule that is broken."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        text = " ".join(error.messages)
        raise Invalid("password_invalid", text, field="password") from error


def subject_of(user: User) -> Subject:
    return Subject("user", user.pk, user.email)


def _check_current(actor: Actor, user: User, current: str) -> None:
    if is_own(actor, user) and not user.check_password(current):
        text = "The current password is another one."
        raise Invalid("password_wrong", text, field="current_password")
