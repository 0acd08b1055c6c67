"""Keys of an organization for scripts: an id that everybody may see, and a secret shown once.

Source: Carbon Black, API keys and access levels; Digi, API key pairs.
"""

import hashlib
import secrets
import string
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from auditlog.actor import Actor, ActorKind
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid, LimitReached, NotFound
from fleet.grants import Grants, require_no_less
from fleet.models import ApiKey, Organization, Role
from fleet.permissions import ROLE_PERMISSIONS, require
from fleet.texts import is_storable

PERMISSION = "fleet.change_organization"
MOST = 100
USED_EVERY = timedelta(minutes=5)
_ALPHABET = string.ascii_uppercase + string.digits
_ID_LENGTH, _SECRET_LENGTH = 10, 32


class IssuedKey(NamedTuple):
    """A key with its secret, which nobody can read again."""

    key: ApiKey
    secret: str


@transaction.atomic
def issue(*, actor: Actor, organization: Organization, name: str, level: str) -> IssuedKey:
    """Make a key that may what the role `level` may; raises Forbidden, Invalid (field "name" or
    "level"), Conflict "duplicate_api_key_name", LimitReached "api_key_limit".
    """
    require(actor, PERMISSION)
    if not 1 <= len(name.strip()) <= 128 or not is_storable(name):
        raise Invalid("api_key_name_invalid", "A name has 1 to 128 characters.", field="name")
    if level not in Role.values:
        message = f"An access level is one of {', '.join(Role.values)}."
        raise Invalid("api_key_level_invalid", message, field="level")
    require_no_less(actor, Grants(ROLE_PERMISSIONS[Role(level)]), "make such a key")
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if standing_keys(organization.pk).count() >= MOST:
        raise LimitReached("api_key_limit", f"An organization has at most {MOST} API keys.")
    secret = _random(_SECRET_LENGTH)
    key = ApiKey(
        organization=organization,
        name=name.strip(),
        key_id=_random(_ID_LENGTH),
        digest=digest_of(secret),
        level=level,
        created_by=actor.name[:512],
    )
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError as error:
        message = f"There is an API key {name.strip()} already."
        raise Conflict("duplicate_api_key_name", message, field="name") from error
    change = {"name": key.name, "level": key.level}
    record(actor, Action.CREATE, _subject(key), change)
    return IssuedKey(key, secret)


@transaction.atomic
def revoke(*, actor: Actor, organization: Organization, key_id: UUID) -> None:
    """Make it void at once; raises Forbidden, NotFound "api_key_unknown"."""
    require(actor, PERMISSION)
    rows = standing_keys(organization.pk).filter(pk=key_id)
    key = rows.select_for_update(no_key=True).first()
    if key is None:
        raise NotFound("api_key_unknown", "There is no such API key.")
    rows.update(revoked_at=timezone.now(), revoked_by=actor.name[:512])
    record(actor, Action.REVOKE, _subject(key))


def standing_keys(organization_id: UUID) -> QuerySet[ApiKey]:
    """Those that were not revoked, the newest first."""
    return ApiKey.objects.filter(organization=organization_id, revoked_at__isnull=True)


def authenticate(
    key_id: str, secret: str, *, address: str = "", via: str = ""
) -> tuple[Actor, Organization] | None:
    """Who acts by this key, and where; None unless it stands and the secret is right."""
    if not is_storable(key_id):
        return None
    rows = ApiKey.objects.select_related("organization")
    key = rows.filter(key_id=key_id, revoked_at__isnull=True).first()
    known = key.digest if key else ""
    if not constant_time_compare(digest_of(secret), known) or key is None:
        return None
    _note_use(key, timezone.now())
    return actor_of(key, address=address, via=via), key.organization


def actor_of(key: ApiKey, *, address: str = "", via: str = "") -> Actor:
    """Who acts by this key, with what it may now."""
    return Actor(
        ActorKind.USER,
        str(key.pk),
        key.key_id,
        key.organization_id,
        address=address,
        via=via,
        token=key.name,
        permissions=ROLE_PERMISSIONS[Role(key.level)],
    )


def was_revoked(key_id: str, secret: str) -> bool:
    """Whether these were the id and the secret of a key that somebody has revoked."""
    rows = ApiKey.objects.filter(key_id=key_id, revoked_at__isnull=False)
    digest = rows.values_list("digest", flat=True).first() if is_storable(key_id) else None
    return constant_time_compare(digest_of(secret), digest or "")


def digest_of(secret: str) -> str:
    """What is kept of a secret: it is random and long, so that nobody finds it by trying."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _note_use(key: ApiKey, now: datetime) -> None:
    if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _subject(key: ApiKey) -> Subject:
    return Subject("api_key", key.pk, key.key_id)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
