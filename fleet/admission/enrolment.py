"""A device asks to be let in: its first contact, and every later one."""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from auditlog.actor import Actor, ActorKind
from auditlog.models import Action
from auditlog.record import record
from fleet import identity as identities
from fleet import presence
from fleet.admission.rows import (
    admit,
    facts_of,
    find_or_add,
    lock_device,
    lock_limit,
    refresh,
    subject_of,
    tell,
)
from fleet.errors import Invalid, LimitReached
from fleet.keys import PublicKey
from fleet.models import AuthSet, Device, Organization
from fleet.signals import device_enrolled
from fleet.states import Admission

STANDARD = "standard"
TIERS = frozenset({STANDARD, "micro", "system"})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a device says, and where from."""

    organization: Organization
    identity: dict[str, Any]
    public_key: PublicKey
    tier: str
    address: str
    via: str


def request_authorization(
    *,
    organization: Organization,
    identity: dict[str, Any],
    public_key: PublicKey,
    tier: str = "",
    address: str = "",
    via: str = "",
) -> AuthSet | None:
    """The accepted auth set of this identity and key; None while it is not accepted.

    What is unknown is written down as pending for a person to judge; a preauthorized set is
    accepted now, if the limit allows. The caller has verified the key's signature. The standard
    tier is kept as "". Raises Invalid("tier_unknown").
    Source: Mender API, Device authentication, auth_requests.
    """
    claim = Claim(organization, identity, public_key, _tier(tier), address, via)
    known = _find(claim) or _enrol(claim)
    if known is None:
        return None
    presence.seen(known.device_id)
    if known.status == Admission.PREAUTHORIZED:
        known = _activate(known, claim)
    if known is None or known.status != Admission.ACCEPTED or known.device.is_leaving:
        return None
    return known


def _tier(tier: str) -> str:
    if tier and tier not in TIERS:
        raise Invalid("tier_unknown", "tier must be standard, micro or system", field="tier")
    return "" if tier == STANDARD else tier


def _find(claim: Claim) -> AuthSet | None:
    """The set of this key and tier; a person who preauthorizes a key does not know its tier."""
    keys = AuthSet.objects.of(claim.organization).filter(
        Q(tier=claim.tier) | Q(tier="", status=Admission.PREAUTHORIZED),
        device__identity_digest=identities.digest(claim.identity),
        key_digest=claim.public_key.digest,
    )
    return keys.select_related("device").order_by("-tier").first()


@transaction.atomic
def _enrol(claim: Claim) -> AuthSet | None:
    """Write down a device, or a key, that is new; None if it is removed at this moment."""
    device, is_new = find_or_add(claim.organization, claim.identity)
    if device is None:
        return None
    fresh = AuthSet(
        device=device,
        public_key=claim.public_key.pem,
        key_digest=claim.public_key.digest,
        tier=claim.tier,
        status=Admission.PENDING,
    )
    AuthSet.objects.bulk_create([fresh], ignore_conflicts=True)
    auth_set = AuthSet.objects.get(device=device, key_digest=fresh.key_digest, tier=claim.tier)
    auth_set.device = device
    if auth_set.id == fresh.id:
        _note(auth_set, claim, is_new=is_new)
    return auth_set


def _note(auth_set: AuthSet, claim: Claim, *, is_new: bool) -> None:
    device = auth_set.device
    refresh(device)
    action = Action.CREATE if is_new else Action.UPDATE
    change = facts_of(device, auth_set, to=auth_set.status)
    actor = _actor(device, claim)
    record(actor, action, subject_of(device), change)
    tell(actor, action, [device], auth_set)
    if is_new:
        device_enrolled.send(sender=Device, devices=[device])


@transaction.atomic
def _activate(auth_set: AuthSet, claim: Claim) -> AuthSet | None:
    """Accept a preauthorized set at its device's first call; None if that may not be."""
    limit = lock_limit(claim.organization)
    device = lock_device(auth_set.device_id)
    current = AuthSet.objects.filter(pk=auth_set.pk).first()
    if device is None or current is None:
        return None
    current.device = device
    if current.status != Admission.PREAUTHORIZED:
        return current
    try:
        admit(device, current, limit)
    except LimitReached:
        log.warning("device %s is preauthorized but over the limit of devices", device.id)
        return None
    AuthSet.objects.filter(pk=current.pk).update(tier=claim.tier)
    change = facts_of(device, current, **{"from": current.status, "to": Admission.ACCEPTED})
    actor = _actor(device, claim)
    record(actor, Action.ACCEPT, subject_of(device), change)
    current.status, current.tier = Admission.ACCEPTED, claim.tier
    tell(actor, Action.ACCEPT, [device], current)
    return current


def _actor(device: Device, claim: Claim) -> Actor:
    return Actor(
        ActorKind.DEVICE,
        str(device.id),
        identities.text_of(device.identity),
        device.organization_id,
        address=claim.address,
        via=claim.via,
    )
