"""Secrets of webhooks, and the signatures made with them.

As receivers know them from Standard Webhooks: the secret is "whsec_" and base64, the signature
"v1," and base64 of the HMAC-SHA256 over "id.timestamp.body".
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from cryptography.fernet import InvalidToken

from fleet.sealing import cipher

PREFIX = "whsec_"
LENGTH = 32  # bytes


class Unreadable(Exception):
    """The secret was encrypted under another secret of the server."""


def fresh() -> str:
    """A new secret, as its receiver is to know it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def encrypted(secret: str) -> str:
    return cipher("webhook-secret").encrypt(secret.encode()).decode()


def decrypted(kept: str) -> str:
    """Raises Unreadable."""
    try:
        return cipher("webhook-secret").decrypt(kept.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def signatures(keys: Iterable[str], message_id: str, timestamp: int, body: bytes) -> str:
    """What the header webhook-signature carries: a signature for each secret."""
    content = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_signature(secret, content)}" for secret in keys)


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
