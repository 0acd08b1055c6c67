"""Signed, expiring links: who holds one may have, or send, that file without further proof.

Made and checked without the database. A link is only ever made for who may see the artifact or
add one, so it proves the organization as well.
"""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from artifacts.file_formats import FileFormat
from artifacts.models import Artifact
from fleet.errors import Forbidden
from fleet.signatures import is_signed, sign

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
    name = safe_name(file_name)
    signature = sign(*_signed(artifact_id, name, str(expires)))
    return f"{PREFIX}/{artifact_id}/{quote(name, safe='')}?expires={expires}&signature={signature}"


def safe_name(file_name: str) -> str:
    """The name as a path may have it."""
    return _UNSAFE.sub("_", file_name)


def artifact_filename(artifact: Artifact, name: str) -> str:
    """What the file of an artifact called `name` is called; one that is kept raw, as it came."""
    if artifact.format == FileFormat.RAW:
        return str(artifact.payloads[0]["files"][0]["name"])
    return f"{safe_name(name)}.mender"


def signed_url(artifact: Artifact, *, base: str, lifetime: timedelta) -> Link:
    """A link for somebody outside; `base` is scheme and host, like "https://fleet.example"."""
    expires = int(time.time() + lifetime.total_seconds())
    name = artifact_filename(artifact, artifact.release.name)
    path = signed_path(artifact.id, name, expires)
    return Link(base.rstrip("/") + path, datetime.fromtimestamp(expires, UTC))


def signed_upload_url(upload_id: UUID, *, base: str, lifetime: timedelta) -> Link:
    """A link to which a file may be sent until then."""
    expires = int(time.time() + lifetime.total_seconds())
    signature = sign(*_signed(upload_id, None, str(expires)))
    path = f"{UPLOADS}/{upload_id}?expires={expires}&signature={signature}"
    return Link(base.rstrip("/") + path, datetime.fromtimestamp(expires, UTC))


def check_link(id_: UUID, file_name: str | None, expires: str, signature: str) -> None:
    """Raises Forbidden("link_invalid" or "link_expired") unless we made this link.

    One without the name of a file is for sending it.
    """
    if not is_signed(*_signed(id_, file_name, expires), signature):
        raise Forbidden("link_invalid", "This link was not made here, or was changed.")
    if int(expires) < time.time():
        raise Forbidden("link_expired", "This link has expired.")


def _signed(id_: UUID, file_name: str | None, expires: str) -> tuple[bytes, bytes]:
    """The purpose of a link, and what is signed of it."""
    purpose = b"slipway.artifacts.uploads" if file_name is None else b"slipway.artifacts.links"
    return purpose, f"{id_}/{expires}/{file_name or ''}".encode(errors="surrogatepass")
