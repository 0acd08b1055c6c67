"""The second factor of a sign-in: a code of the moment from an app that shares a secret.

Disabled, then unverified with a secret, enabled once a code was right. Source: Mender API, User
administration, 2FA; RFC 6238.
"""

import logging
import time
from hmac import compare_digest

import pyotp
from cryptography.fernet import InvalidToken
from django.core.cache import cache
from django.db import transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet.accounts import is_own, require_account, subject_of
from fleet.errors import Conflict, Forbidden, Invalid
from fleet.models import User
from fleet.sealing import cipher

log = logging.getLogger(__name__)

ISSUER = "Slipway"
STEP = 30  # seconds
GUESSES = 5
# Steps that are used up by too many wrong codes: no code is right for ten minutes.
PENALTY = 20

State = User.TwoFactor


class CodeNeeded(Forbidden):
    """The password is right, and a code is asked for beside it."""


@transaction.atomic
def begin(*, actor: Actor, user: User) -> None:
    """Give oneself a secret, to be verified by a code; one that waits for it stays.

    Raises Forbidden for anybody else's, Conflict("two_factor_enabled").
    """
    if not is_own(actor, user):
        raise Forbidden("forbidden", "A second factor is enabled by its owner only.")
    current = _locked(user)
    if current.two_factor == State.ENABLED:
        raise Conflict("two_factor_enabled", "two-factor authentication is enabled already")
    if current.two_factor == State.DISABLED:
        _change(
            actor, current, State.UNVERIFIED, cipher("second-factor").encrypt(_fresh()).decode()
        )


@transaction.atomic
def verify(*, actor: Actor, user: User, code: str) -> None:
    """Enable one's second factor by a first code.

    Raises Conflict("two_factor_not_begun"), Invalid("code_wrong").
    """
    if not is_own(actor, user):
        raise Forbidden("forbidden", "A second factor is enabled by its owner only.")
    current = _locked(user)
    if current.two_factor != State.UNVERIFIED:
        raise Conflict("two_factor_not_begun", "two-factor authentication waits for no code")
    if not _use(current, code):
        raise Invalid("code_wrong", "the code is wrong or was used", field="token2fa")
    _change(actor, current, State.ENABLED, current.totp_secret)


@transaction.atomic
def disable(*, actor: Actor, user: User) -> None:
    """Sign in by password alone again; of others, only by who may change their account.

    Raises Conflict("two_factor_disabled"), Forbidden.
    """
    require_account(actor, user)
    current = _locked(user)
    if current.two_factor == State.DISABLED:
        raise Conflict("two_factor_disabled", "two-factor authentication is disabled already")
    _change(actor, current, State.DISABLED, "")


def is_asked_of(user: User) -> bool:
    """Whether this person signs in with a code beside the password."""
    return user.two_factor == State.ENABLED


def is_right(user: User, code: str) -> bool:
    """Use a code to sign in; a code is right once, and not at all after too many wrong ones."""
    return is_asked_of(user) and _use(user, code)


def address_of(user: User) -> str:
    """What the app reads off the QR code; raises Conflict("two_factor_not_begun") once verified."""
    secret = _secret(user) if user.two_factor == State.UNVERIFIED else None
    if secret is None:
        raise Conflict("two_factor_not_begun", "two-factor authentication waits for no code")
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)


def secret_of(user: User) -> str:
    """For who cannot scan; raises as `address_of`."""
    address_of(user)
    return _secret(user) or ""


def _use(user: User, code: str) -> bool:
    """Whether the code is right at this moment; one conditional UPDATE makes it right once."""
    step = _step_of(user, code)
    fresh = User.objects.filter(pk=user.pk, two_factor=user.two_factor)
    if step is not None and fresh.filter(totp_step__lt=step).update(totp_step=step):
        cache.delete(_guesses(user))
        return True
    _count_guess(user)
    return False


def _step_of(user: User, code: str) -> int | None:
    """The time step whose code it is: this one, the one before or after."""
    secret, now = _secret(user), int(time.time()) // STEP
    code = code.replace(" ", "")
    if secret is None or not code.isascii():
        return None
    totp = pyotp.TOTP(secret)
    steps = (now - 1, now, now + 1)
    return next((step for step in steps if compare_digest(totp.generate_otp(step), code)), None)


def _count_guess(user: User) -> None:
    """Too many wrong codes use up the next minutes' steps, in the row that all processes read."""
    cache.add(_guesses(user), 0, PENALTY * STEP)
    try:
        count = cache.incr(_guesses(user))
    except ValueError:  # it expired at this moment
        return
    if count >= GUESSES:
        cache.delete(_guesses(user))
        until = int(time.time()) // STEP + PENALTY
        User.objects.filter(pk=user.pk, totp_step__lt=until).update(totp_step=until)
        log.warning("too many wrong codes for %s", user.pk)


def _guesses(user: User) -> str:
    return f"two-factor:{user.pk}"


def _change(actor: Actor, user: User, state: State, secret: str) -> None:
    before, user.two_factor, user.totp_secret = user.two_factor, state, secret
    user.save(update_fields=["two_factor", "totp_secret", "updated_at"])
    record(actor, Action.UPDATE, subject_of(user), {"two_factor": [before, str(state)]})


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _fresh() -> bytes:
    return pyotp.random_base32().encode()


def _secret(user: User) -> str | None:
    """None if it cannot be read: the server's own secret is another one than it was."""
    try:
        return cipher("second-factor").decrypt(user.totp_secret.encode()).decode()
    except InvalidToken:
        log.exception("the second factor of %s cannot be decrypted", user.pk)
        return None
