"""Filters with a name, asked again and again."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.errors import Conflict, Invalid
from fleet.filters import check_terms
from fleet.models import Organization, SavedFilter
from fleet.permissions import require
from fleet.texts import is_storable

NAME_LENGTH = 256


@transaction.atomic
def save_filter(
    *, actor: Actor, organization: Organization, name: str, terms: Sequence[dict[str, Any]]
) -> SavedFilter:
    """Keep the terms under a name; nothing keeps which devices they select today.

    Raises Invalid("filter_invalid"), Conflict("filter_exists").
    """
    require(actor, "fleet.add_savedfilter")
    if not name.strip() or len(name) > NAME_LENGTH or not is_storable(name):
        text = f"name: a text of 1 to {NAME_LENGTH} characters is required"
        raise Invalid("filter_invalid", text, field="name")
    check_terms(terms)
    kept = [{key: term[key] for key in ("scope", "attribute", "type", "value")} for term in terms]
    row = SavedFilter(organization=organization, name=name, terms=kept, created_by=actor.name[:512])
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        taken = f"a filter named {name} exists already"
        raise Conflict("filter_exists", taken, field="name") from error
    record(actor, Action.CREATE, _subject(row), {"terms": kept})
    return row


@transaction.atomic
def delete_filter(*, actor: Actor, saved: SavedFilter) -> bool:
    """Forget the filter, unless somebody was faster; deployments made by it have a copy."""
    require(actor, "fleet.delete_savedfilter")
    subject = _subject(saved)
    deleted, _ = SavedFilter.objects.filter(pk=saved.pk).delete()
    if deleted:
        record(actor, Action.DELETE, subject)
    return bool(deleted)


def _subject(saved: SavedFilter) -> Subject:
    return Subject("saved_filter", saved.id, saved.name)
