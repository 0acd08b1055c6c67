"""Signed, expiring links: who holds one may fetch that file without further proof."""

import time
from urllib.parse import quote
from uuid import UUID

from django.conf import settings

from fleet.errors import Forbidden
from fleet.signatures import is_signed, sign

PREFIX = "/files/exports"
_PURPOSE = b"slipway.exports.links"


def link_of(export_id: UUID | str, file_name: str, expires: int) -> str:
    """Where `file_name` may be fetched until `expires` (Unix seconds)."""
    signature = sign(_PURPOSE, _signed(str(export_id), file_name, str(expires)))
    path = f"{PREFIX}/{export_id}/{quote(file_name, safe='')}"
    return f"{settings.PUBLIC_URL}{path}?expires={expires}&signature={signature}"


def check_link(export_id: UUID, file_name: str, expires: str, signature: str) -> None:
    """Raises Forbidden("link_invalid" or "link_expired") unless we made this link."""
    if not is_signed(_PURPOSE, _signed(str(export_id), file_name, expires), signature):
        raise Forbidden("link_invalid", "This link was not made here, or was changed.")
    if int(expires) < time.time():
        raise Forbidden("link_expired", "This link has expired.")


def _signed(export_id: str, file_name: str, expires: str) -> bytes:
    return f"{export_id}/{expires}/{file_name}".encode(errors="surrogatepass")
