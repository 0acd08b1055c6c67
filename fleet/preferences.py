"""Free objects that people's tools keep with us: of an organization, and of one of its members.

Source: Mender API, User administration, settings.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid, NotFound
from fleet.models import Membership, Organization
from fleet.permissions import require

MOST_KEYS = 1024
KEY_LENGTH = 128
TEXT_LENGTH = 4096

Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Preferences:
    """`tag` is the same for the same values, and for no others."""

    values: Kept
    tag: str


def preferences_of(owner: Organization | Membership) -> Preferences:
    return Preferences(owner.settings, _tag(owner.settings))


@transaction.atomic
def keep_for_organization(
    *, actor: Actor, organization: Organization, values: Kept, expected: str | None = None
) -> Preferences:
    """Keep the object in place of the one before.

    With `expected`, the tag of the one that was read, of two writers only one can win. Raises
    Invalid("preferences_invalid"), Conflict("preferences_changed").
    """
    require(actor, "fleet.change_organization")
    check(values)
    rows = Organization.objects.select_for_update(no_key=True)
    current = rows.get(pk=organization.pk)
    _check_unchanged(current.settings, expected)
    if current.settings != values:
        Organization.objects.filter(pk=current.pk).update(settings=values)
        subject = Subject("organization", current.pk, current.name)
        record(actor, Action.UPDATE, subject, {"settings": _touched(current.settings, values)})
    return _kept(current)


@transaction.atomic
def keep_for_member(
    *, membership: Membership, values: Kept, expected: str | None = None
) -> Preferences:
    """As for an organization; how somebody likes their tables is nothing to audit."""
    check(values)
    rows = Membership.objects.select_for_update(no_key=True)
    current = rows.filter(pk=membership.pk).first()
    if current is None:
        raise NotFound("member_unknown", "no such member of this organization")
    _check_unchanged(current.settings, expected)
    Membership.objects.filter(pk=current.pk).update(settings=values)
    return _kept(current)


def check(values: Kept) -> None:
    """At most 1024 keys of 128 characters and texts of 4096, nested ones counted too.

    Raises Invalid("preferences_invalid").
    """
    keys: list[str] = []
    texts: list[str] = []
    waiting: list[Any] = [values]
    while waiting:
        match waiting.pop():
            case dict() as inner:
                keys.extend(inner)
                waiting.extend(inner.values())
            case list() as items:
                waiting.extend(items)
            case str() as text:
                texts.append(text)
    if len(keys) > MOST_KEYS:
        raise _invalid(f"there are at most {MOST_KEYS} keys")
    if any(len(key) > KEY_LENGTH for key in keys):
        raise _invalid(f"a key has at most {KEY_LENGTH} characters")
    if any(len(text) > TEXT_LENGTH for text in texts):
        raise _invalid(f"a text has at most {TEXT_LENGTH} characters")


def _kept(owner: Organization | Membership) -> Preferences:
    """Read again: a database may write a number in another way than it came."""
    owner.refresh_from_db(fields=["settings"])
    return preferences_of(owner)


def _check_unchanged(present: Kept, expected: str | None) -> None:
    if expected is not None and expected != _tag(present):
        text = "the settings are not those that were read: read them again"
        raise Conflict("preferences_changed", text)


def _touched(before: Kept, after: Kept) -> list[str]:
    """Of which keys the values changed; the values may be anything."""
    missing = object()
    keys = sorted(before.keys() | after.keys())
    return [key for key in keys if before.get(key, missing) != after.get(key, missing)]


def _tag(values: Kept) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _invalid(why: str) -> Invalid:
    return Invalid("preferences_invalid", why)
