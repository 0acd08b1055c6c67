"""Signed, expiring links: who holds one may have, or send, that file without further proof.

Made and checked without the database. A link is only ever made for who may see the artifact or
add one, so it proves the organization as well.
"""

import hmac
import re
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes

from artifacts.models import Artifact
from fleet.errors import Forbidden

PREFIX = "/files/artifacts"
UPLOADS = "/files/uploads"
# What a proxy or a client might normalise in a path, encoded or not.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")


@dataclass(frozen=True, slots=True)
class Link:
    uri: str
    expires_at: datetime


def signed_path(artifact_id: UUID, file_name: str, expires: int) -> str:
    """Path and query under which `file_name` may be fetched until `expires` (Unix seconds)."""
    name = _UNSAFE.sub("_", file_name)
    signature = _signature(settings.SECRET_KEY, artifact_id, name, str(expires))
    return f"{PREFIX}/{artifact_id}/{quote(name, safe='')}?expires={expires}&signature={signature}"


def signed_url(artifact: Artifact, *, base: str, lifetime: timedelta) -> Link:
    """A link for somebody outside; `base` is scheme and host, like "https://fleet.example"."""
    expires = int(time.time() + lifetime.total_seconds())
    path = signed_path(artifact.id, f"{artifact.release.name}.mender", expires)
    return Link(base.rstrip("/") + path, datetime.fromtimestamp(expires, UTC))


def signed_upload_url(upload_id: UUID, *, base: str, lifetime: timedelta) -> Link:
    """A link to which a file may be sent until then."""
    expires = int(time.time() + lifetime.total_seconds())
    signature = _signature(settings.SECRET_KEY, upload_id, None, str(expires))
    path = f"{UPLOADS}/{upload_id}?expires={expires}&signature={signature}"
    return Link(base.rstrip("/") + path, datetime.fromtimestamp(expires, UTC))


def check_link(id_: UUID, file_name: str | None, expires: str, signature: str) -> None:
    """Raises Forbidden("link_invalid" or "link_expired") unless we made this link.

    One without the name of a file is for sending it.
    """
    given = signature.encode(errors="surrogatepass")
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    expected = [_signature(key, id_, file_name, expires).encode() for key in keys]
    if not any(hmac.compare_digest(given, each) for each in expected):
        raise Forbidden("link_invalid", "This link was not made here, or was changed.")
    if int(expires) < time.time():
        raise Forbidden("link_expired", "This link has expired.")


def _signature(secret: str | bytes, id_: UUID, file_name: str | None, expires: str) -> str:
    purpose = b"uploads" if file_name is None else b"links"
    text = f"{id_}/{expires}/{file_name or ''}".encode(errors="surrogatepass")
    digest = hmac.digest(_key(secret, purpose), text, "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


@lru_cache(maxsize=16)
def _key(secret: str | bytes, purpose: bytes) -> bytes:
    return sha256(b"slipway.artifacts." + purpose + force_bytes(secret)).digest()
