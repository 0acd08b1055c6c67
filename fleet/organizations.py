"""Organizations and what they may use."""

import re
import unicodedata
from dataclasses import replace

from django.db import IntegrityError, transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid
from fleet.models import Organization
from fleet.models.organization import fresh_tenant_token
from fleet.permissions import require

NAME_LENGTH = 128
UNLIMITED = -1
MOST_DEVICES = 2**31 - 1
MOST_BYTES = 2**63 - 1


@transaction.atomic
def add_organization(*, actor: Actor, name: str) -> Organization:
    """Add a tenant; its key is made from the name ("Acme Labs" gives "ACME-LABS").

    Raises Invalid("organization_name_invalid") and Conflict("organization_exists").
    """
    require(actor, "fleet.add_organization")
    name = name.strip()
    key = key_of(name)
    if not key or len(name) > NAME_LENGTH:
        raise _name_invalid()
    try:
        with transaction.atomic():
            organization = Organization.objects.create(name=name, key=key)
    except IntegrityError as error:
        raise Conflict(
            "organization_exists", f"There is an organization {key} already.", field="name"
        ) from error
    actor = replace(actor, organization_id=organization.pk)
    record(actor, Action.CREATE, _subject(organization))
    return organization


def key_of(name: str) -> str:
    """Letters A to Z, digits and dashes, at most 64; accents are dropped."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")[:64].strip("-")


@transaction.atomic
def rename(*, actor: Actor, organization: Organization, name: str) -> None:
    """Call it something else; its key stays. Raises Invalid("organization_name_invalid")."""
    require(actor, "fleet.change_organization")
    name = name.strip()
    if not key_of(name) or len(name) > NAME_LENGTH:
        raise _name_invalid()
    current = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    if current.name != name:
        change = {"name": [current.name, name]}
        current.name = name
        current.save(update_fields=["name"])
        record(actor, Action.UPDATE, _subject(current), change)


@transaction.atomic
def replace_tenant_token(*, actor: Actor, organization: Organization) -> None:
    """Make the tenant token void and give out another: devices that are known do not need it."""
    require(actor, "fleet.change_organization")
    current = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    current.tenant_token = fresh_tenant_token()
    current.save(update_fields=["tenant_token"])
    record(actor, Action.UPDATE, _subject(current), {"tenant_token": "replaced"})


@transaction.atomic
def set_limits(
    *,
    actor: Actor,
    organization: Organization,
    devices: int | None = None,
    storage: int | None = None,
) -> Organization:
    """Limit the accepted devices and the bytes of artifacts; -1 lifts a limit, None leaves it.

    0 devices lets nobody in, 0 bytes is no limit (Mender API, limits/storage).

    A limit below what is in use takes nothing away. Raises Invalid("limit_invalid").
    """
    require(actor, "fleet.change_organization")
    current = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    change: dict[str, list[int | None]] = {}
    if devices is not None:
        new = _limit("devices", devices, MOST_DEVICES)
        change["device_limit"] = [current.device_limit, new]
        current.device_limit = new
    if storage is not None:
        new = _limit("storage", storage, MOST_BYTES) or None
        change["storage_limit"] = [current.storage_limit, new]
        current.storage_limit = new
    if change:
        current.save(update_fields=list(change))
        record(actor, Action.UPDATE, _subject(current), change)
    return current


def _name_invalid() -> Invalid:
    text = (
        f"An organization needs a name of up to {NAME_LENGTH} characters "
        "with a letter or digit in it."
    )
    return Invalid("organization_name_invalid", text, field="name")


def _limit(field: str, value: int, most: int) -> int | None:
    if not UNLIMITED <= value <= most:
        raise Invalid("limit_invalid", f"A limit is a number from -1 to {most}.", field=field)
    return None if value == UNLIMITED else value


def _subject(organization: Organization) -> Subject:
    return Subject("organization", organization.pk, organization.name)
