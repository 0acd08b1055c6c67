"""Secrets that must be told again, such as a device's token: encrypted under the server's own."""

import hashlib
import logging
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

log = logging.getLogger(__name__)


def seal(secret: str, *, purpose: str) -> str:
    """The secret encrypted; what is sealed for one purpose is not opened for another."""
    return cipher(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str | None:
    """The secret, None if it cannot be read: the server's own secret is another than it was."""
    try:
        return cipher(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.exception("a sealed %s cannot be opened", purpose)
        return None


def cipher(purpose: str) -> Fernet:
    """What seals for this purpose: each has a key of its own, made of the server's secret."""
    digest = hashlib.sha256(f"slipway.{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(urlsafe_b64encode(digest))
