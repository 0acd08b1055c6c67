"""A person's own account: e-mail and password, which open every organization they are in."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from auditlog.actor import Actor, ActorKind
from auditlog.models import Action, AuditEntry
from auditlog.record import Subject, record
from fleet.errors import Conflict, Forbidden, Invalid
from fleet.grants import most_of, require_no_less
from fleet.models import AccessToken, User
from fleet.permissions import require
from fleet.throttling import throttle_sign_in

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
    change = replace_password(actor=actor, user=user, password=password, current=current, keep=keep)
    record(actor, Action.UPDATE, subject_of(user), change)


def replace_password(
    *, actor: Actor, user: User, password: str, current: str, keep: str
) -> dict[str, object]:
    """As `change_password`, but the change is returned instead of recorded."""
    require_account(actor, user)
    check_current(actor, user, current)
    check_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    sessions = AccessToken.objects.filter(membership__user=user, kind=AccessToken.Kind.SESSION)
    sessions.exclude(digest=keep).delete()
    return {"password": "changed"}


def replace_email(*, actor: Actor, user: User, email: str, current: str) -> dict[str, object]:
    """Give a person another address, and end the second factor that was bound to the old one.

    Call it in a transaction and record the change it returns, empty if there is none. As for a
    password, one's own takes the `current` password. Nobody takes an address that somebody else
    has had in the same organization: what was done under it would become theirs. Raises
    Invalid("email_invalid", "password_wrong"), Conflict("email_taken"), Forbidden.
    Source: Mender API, User administration.
    """
    require_account(actor, user)
    email, old = check_email(email), user.email
    if email == old:
        return {}
    check_current(actor, user, current)
    _check_never_used(user, email)
    change: dict[str, object] = {"email": [old, email]}
    if user.two_factor != User.TwoFactor.DISABLED:
        change["two_factor"] = [user.two_factor, User.TwoFactor.DISABLED]
    user.email, user.two_factor, user.totp_secret = email, User.TwoFactor.DISABLED, ""
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "two_factor", "totp_secret", "updated_at"])
    except IntegrityError as error:
        user.email = old
        raise Conflict("email_taken", f"{email} is somebody else’s.", field="email") from error
    return change


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


def check_current(actor: Actor, user: User, current: str) -> None:
    """Of one's own account the password is asked for: whoever guesses is signed in, no more.

    Raises Invalid("password_wrong"), and TooMany as at the sign-in.
    """
    if not is_own(actor, user):
        return
    throttle_sign_in(user.email, actor.address)
    if not user.check_password(current):
        text = "The current password is another one."
        raise Invalid("password_wrong", text, field="current_password")


def _check_never_used(user: User, email: str) -> None:
    houses = user.memberships.values_list("organization_id", flat=True)
    told = AuditEntry.objects.filter(organization_id__in=list(houses), object_kind="user")
    if told.filter(object_name__iexact=email).exclude(object_id=str(user.pk)).exists():
        raise Conflict("email_taken", f"{email} was somebody else’s.", field="email")
