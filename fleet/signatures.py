"""Signatures that only this installation makes and checks, each for one purpose."""

import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.utils.encoding import force_bytes


def sign(purpose: bytes, text: bytes) -> str:
    """A signature in letters that need no escaping in an address."""
    return _signature(settings.SECRET_KEY, purpose, text)


def is_signed(purpose: bytes, text: bytes, signature: str) -> bool:
    """Whether we signed it, with the present secret or one of the former; in constant time."""
    given = signature.encode(errors="surrogatepass")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(given, _signature(key, purpose, text).encode()) for key in keys)


def _signature(secret: str | bytes, purpose: bytes, text: bytes) -> str:
    digest = hmac.digest(_key(secret, purpose), text, "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


@lru_cache(maxsize=16)
def _key(secret: str | bytes, purpose: bytes) -> bytes:
    return sha256(purpose + force_bytes(secret)).digest()
