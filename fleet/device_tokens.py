"""What a device shows with every call after its key was accepted."""

import hashlib
import itertools
import threading
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import record
from fleet import presence
from fleet.admission.rows import REVOKED, facts_of, subject_of
from fleet.errors import NotFound
from fleet.models import AuthSet, Device, Organization
from fleet.reach import require_for
from fleet.states import Admission

LIFETIME = 604_800  # seconds
ISSUER = "Mender"
CACHED = 65_536


@dataclass(frozen=True, slots=True)
class DeviceClaims:
    """What a token says, its signature verified: the numbers of its auth set and device, the
    serial it was made at, the device's id, and when it expires (seconds since 1970).

    Whether it still stands is in the auth set's row.
    """

    auth_set: int
    device: int
    serial: int
    device_id: UUID
    expires: float

    @property
    def credential(self) -> tuple[int, int]:
        """The same for all tokens that stand and fall together."""
        return self.auth_set, self.serial


_verified: dict[str, DeviceClaims] = {}
_tidying = threading.Lock()


def issue(auth_set: AuthSet) -> str:
    """Make a token for an accepted set; one that was revoked meanwhile gets a void one.

    Lives 604,800 seconds. Source: Mender API, Device authentication, auth_requests.
    """
    now = timezone.now()
    accepted = AuthSet.objects.filter(pk=auth_set.pk, status=Admission.ACCEPTED)
    accepted.filter(token_serial=auth_set.token_serial).update(token_issued_at=now)
    device, issued = auth_set.device, int(now.timestamp())
    claims: dict[str, Any] = {
        "jti": str(auth_set.id),
        "sub": str(device.id),
        "iss": ISSUER,
        "iat": issued,
        "exp": issued + LIFETIME,
        "mender.device": True,
        "mender.plan": "enterprise",
        "mender.trial": False,
        "mender.addons": [],
        "mender.tenant": str(device.organization_id),
        "slipway": {"a": auth_set.pk, "d": device.pk, "s": auth_set.token_serial},
    }
    return jwt.encode(claims, _key(), algorithm="HS256")


def read(token: str) -> DeviceClaims | None:
    """What the token says, if we made it and it has not expired.

    Costs a look into a dict once a token has been seen by this process.
    """
    claims = _verified.get(token)
    if claims is None:
        claims = _verify(token)
        if claims is None:
            return None
        _remember(token, claims)
    return claims if claims.expires > time.time() else None


def authenticate(token: str) -> Device | None:
    """The device whose token this is, with its organization; None unless the token stands."""
    claims = read(token)
    if claims is None:
        return None
    device = (
        Device.objects.select_related("organization")
        .filter(
            pk=claims.device,
            id=claims.device_id,
            is_leaving=False,
            auth_sets__pk=claims.auth_set,
            auth_sets__status=Admission.ACCEPTED,
            auth_sets__token_serial=claims.serial,
            auth_sets__token_issued_at__isnull=False,
        )
        .first()
    )
    if device is not None:
        presence.seen(device.pk)
    return device


@transaction.atomic
def revoke(*, actor: Actor, organization: Organization, token_id: UUID) -> None:
    """Make a standing token void; its device may ask for another. Raises NotFound.

    `token_id` is the token's `jti`. Source: Mender API, Device authentication, Revoke API Token.
    """
    standing = AuthSet.objects.of(organization).filter(id=token_id, token_issued_at__isnull=False)
    auth_set = standing.select_related("device").first()
    if auth_set is not None:
        require_for(actor, "fleet.change_device", auth_set.device)
    if auth_set is None or not AuthSet.objects.filter(
        pk=auth_set.pk, token_issued_at__isnull=False
    ).update(**REVOKED):
        raise NotFound("token_unknown", "token not found")
    device = auth_set.device
    record(actor, Action.REVOKE, subject_of(device), facts_of(device, token=str(token_id)))


def _verify(token: str) -> DeviceClaims | None:
    try:
        claims = jwt.decode(
            token,
            _key(),
            algorithms=["HS256"],
            issuer=ISSUER,
            options={"require": ["exp", "sub", "iss"]},
        )
        numbers = claims["slipway"]
        return DeviceClaims(
            numbers["a"], numbers["d"], numbers["s"], UUID(claims["sub"]), float(claims["exp"])
        )
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
        return None


def _remember(token: str, claims: DeviceClaims) -> None:
    with _tidying:
        if len(_verified) >= CACHED:
            for old in list(itertools.islice(_verified, CACHED // 8)):
                del _verified[old]
        _verified[token] = claims


def _key() -> bytes:
    return hashlib.sha256(b"slipway.device-token:" + settings.SECRET_KEY.encode()).digest()
