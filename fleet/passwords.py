"""Passwords that come with each call: proved once, then remembered for a moment.

Proving a password takes a fraction of a second of computing on purpose; a script that sends it
with every call would keep a machine busy with that.
"""

import hashlib
import hmac

from django.conf import settings
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.utils.crypto import constant_time_compare

from fleet import two_factor
from fleet.errors import Forbidden
from fleet.models import User
from fleet.throttling import throttle_sign_in

REMEMBERED = 60  # seconds


class TokenNeeded(Forbidden):
    """The password is right, and not enough."""


def verified(email: str, password: str, *, address: str = "") -> User | None:
    """Whose e-mail and password these are; None if they are wrong or the person is not active.

    Raises TooMany for too many attempts, TokenNeeded for somebody with a second factor. What is
    remembered holds for the stored password that was proved: a new one counts at once.
    """
    key = _key(email, password)
    user = _remembered(key)
    if user is None:
        throttle_sign_in(email, address)
        found = authenticate(None, username=email, password=password)
        if not isinstance(found, User):
            return None
        user = found
        cache.set(key, (str(user.pk), user.password), REMEMBERED)
    if two_factor.is_asked_of(user):
        raise TokenNeeded("token_needed", "Use a token: a second factor is asked of you.")
    return user


def _remembered(key: str) -> User | None:
    found = cache.get(key)
    if found is None:
        return None
    user_id, password = found
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user and constant_time_compare(user.password, password) else None


def _key(email: str, password: str) -> str:
    """A digest that says nothing about the password without the server's secret."""
    secret = hashlib.sha256(b"slipway.password:" + settings.SECRET_KEY.encode()).digest()
    spelt = f"{len(email)} {email}{password}".encode(errors="surrogatepass")
    return f"password-{hmac.new(secret, spelt, hashlib.sha256).hexdigest()}"
