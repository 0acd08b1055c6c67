"""Signed, expiring links by which a device fetches its configuration as an artifact.

Made and checked without the database. A link names the deployment, the device, its type and
its organization, and proves that it was made for them. Source: Mender API, Deployments
(device), and the addresses that Mender's server gives out for configuration deployments.
"""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode
from uuid import UUID

from django.utils import timezone

from fleet.errors import Forbidden, Invalid
from fleet.signatures import is_signed, sign

PREFIX = "/api/devices/v1/deployments/download/configuration"
LIFETIME = timedelta(minutes=15)
PURPOSE = b"slipway.deployments.configuration"


def configuration_path(
    *, deployment_id: UUID, device_type: str, device_id: UUID, tenant_id: UUID, expires: datetime
) -> str:
    """Path and query under which this device may fetch this configuration until `expires`.

    A slash in the device type comes as %2F: whoever decodes the path first needs a route that
    takes slashes there.
    """
    until = expires.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    signature = sign(
        PURPOSE, _signed(str(deployment_id), device_type, str(device_id), str(tenant_id), until)
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
    facts = _signed(deployment_id, device_type, device_id, tenant_id, expires)
    if not is_signed(PURPOSE, facts, signature):
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


def _signed(*facts: str) -> bytes:
    # Escaped by JSON, so that no two lists of facts have the same text.
    return json.dumps(facts).encode()
