"""The app of somebody with a second factor."""

import time

import pyotp

from fleet import two_factor
from fleet.models import User
from fleet.people import actor_of


def code_of(user: User, ahead: int = 0) -> str:
    """The code that the app shows now, or some steps from now (one is still taken)."""
    user.refresh_from_db()
    secret = two_factor._secret(user)
    assert secret
    return pyotp.TOTP(secret).at(int(time.time()) + ahead * two_factor.STEP)


def enable(user: User) -> None:
    """Turn it on by the code of the step before, so that the present one is still fresh."""
    membership = user.memberships.select_related("user").first()
    assert membership
    actor = actor_of(membership)
    two_factor.begin(actor=actor, user=user)
    two_factor.verify(actor=actor, user=user, code=code_of(user, -1))
    user.refresh_from_db()
