"""Signed, expiring links by which a device fetches its configuration as an artifact.

Made and checked without the database. A link names the deployment, the device, its type and
its organization, and proves that it was made for them. Source: Mender API, Deployments
(device), and the addresses that Mender's server gives out for configuration deployments.
"""

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.encoding import force_bytes

from fleet.errors import Forbidden, Invalid

PREFIX = "/api/devices/v1/deployments/download/configuration"
LIFETIME = timedelta(minutes=15)


def configuration_path(
    *, deployment_id: UUID, device_type: str, device_id: UUID, tenant_id: UUID, expires: datetime
) -> str:
    """Path and query under which this device may fetch this configuration until `expires`.

    A slash in the device type comes as %2F: whoever decodes the path first needs a route that
    takes slashes there.
    """
    until = expires.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    signature = _signature(
        settings.SECRET_KEY, str(deployment_id), device_type, str(device_id), str(tenant_id), until
    )
    query = urlencode(
        {"x-men-expire": until, "tenant_id": str(tenant_id), "x-men-signature": signature}
    )
    return f"{PREFIX}/{deployment_id}/{quote(device_type, safe='')}/{device_id}?{query}"


def verify(
    *,
    deployment_id: str,
    device_type: str,
    device_id: str,
    tenant_id: str,
    expires: str,
    signature: str,
) -> None:
    """Check the parts of a link as they came, decoded; an absent one is the empty text.

    Raises Invalid "invalid_link" where one is missing or the time is none, Forbidden
    "link_expired" or "link_invalid".
    """
    if not (tenant_id and expires and signature):
        raise _incomplete("missing parameters")
    until = _moment(expires)
    given = signature.encode(errors="surrogatepass")
    facts = (deployment_id, device_type, device_id, tenant_id, expires)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(given, _signature(key, *facts).encode()) for key in keys):
        raise Forbidden("link_invalid", "signature invalid")
    if until < timezone.now():
        raise Forbidden("link_expired", "URL expired")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise _incomplete("x-men-expire is not a time")
    return moment


def _incomplete(why: str) -> Invalid:
    return Invalid("invalid_link", f"invalid request parameters: {why}")


def _signature(secret: str | bytes, *facts: str) -> str:
    # Escaped by JSON, so that no two lists of facts have the same text.
    digest = hmac.digest(_key(secret), json.dumps(facts).encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


@lru_cache(maxsize=16)
def _key(secret: str | bytes) -> bytes:
    return sha256(b"slipway.deployments.configuration" + force_bytes(secret)).digest()
