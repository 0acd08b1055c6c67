"""Filters with a name, asked again and again, by people and by one another."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from auditlog.actor import Actor
from auditlog.models import Action
from auditlog.record import Subject, record
from fleet.conditions import is_moving, misread_as_invalid, written_out
from fleet.errors import Conflict, Invalid, NotFound
from fleet.filter_names import FilterNames
from fleet.filters import check_terms
from fleet.languages import check_length, spoken_as
from fleet.listing.devices import DEVICES
from fleet.models import Language, Organization, SavedFilter
from fleet.permissions import require
from fleet.signals import saved_filter_changed, saved_filter_leaving
from fleet.term_words import from_terms, to_terms
from fleet.texts import is_storable
from query.fiql.errors import Misread
from query.fiql.expanding import names_in
from query.fiql.parsing import parse
from query.fiql.reading import read
from query.fiql.rendering import Unspeakable, render

NAME_LENGTH = 256
# How many names an error tells.
FEW = 5


@transaction.atomic
def save_filter(
    *, actor: Actor, organization: Organization, name: str, terms: Sequence[dict[str, Any]]
) -> SavedFilter:
    """Keep the terms under a name; nothing keeps which devices they select today.

    Raises Invalid("filter_invalid"), Conflict("filter_exists").
    """
    require(actor, "fleet.add_savedfilter")
    _check_name(name)
    check_terms(terms)
    kept = [{key: term[key] for key in ("scope", "attribute", "type", "value")} for term in terms]
    row = _new(actor, organization, name)
    row.terms = kept
    _write(row, is_new=True)
    record(actor, Action.CREATE, _subject(row), {"terms": kept})
    return row


@transaction.atomic
def save_query(
    *,
    actor: Actor,
    organization: Organization,
    name: str,
    query: str,
    language: Language = Language.FIQL,
) -> SavedFilter:
    """Keep a condition under a name.

    Raises Invalid("filter_invalid") for the name, Invalid("invalid_filter") for the query, with
    the position (one in another language what reading it raises), and Conflict("filter_exists").
    """
    require(actor, "fleet.add_savedfilter")
    _alone(organization.pk)
    _check_name(name)
    row = _new(actor, organization, name)
    _take(row, query, language, is_new=True)
    record(actor, Action.CREATE, _subject(row), {"query": row.query})
    return row


@transaction.atomic
def change_filter(
    *,
    actor: Actor,
    saved: SavedFilter,
    name: str | None = None,
    query: str | None = None,
    language: Language = Language.FIQL,
) -> SavedFilter:
    """Give it another name, another query, or both; deployments made by it have a copy.

    A query takes the place of terms, and is in the language. Raises as `save_query` does,
    NotFound("filter_not_found"), and Conflict("filter_in_use") for a new name while others refer
    to the old one, and for a query with which these could not be asked.
    """
    require(actor, "fleet.change_savedfilter")
    _alone(saved.organization_id)
    row = SavedFilter.objects.filter(pk=saved.pk).first()
    if row is None:
        raise NotFound("filter_not_found", "filter not found")
    before = {"name": row.name, "query": row.query}
    row.modified_at, row.modified_by = timezone.now(), actor.name[:512]
    if name is not None and name != row.name:
        _check_name(name)
        _require_unused(row)
        row.name = name
        _write(row)
    if query is not None and (query, language) != (row.query, row.language):
        _take(row, query, language)
        _require_askable(row)
    after = {"name": row.name, "query": row.query}
    if after != before:
        record(actor, Action.UPDATE, _subject(row), {"before": before, "after": after})
        saved_filter_changed.send(SavedFilter, saved=row)
    return row


@transaction.atomic
def delete_filter(*, actor: Actor, saved: SavedFilter) -> bool:
    """Forget the filter, unless somebody was faster; deployments made by it have a copy.

    Raises Conflict("filter_in_use") while other filters refer to it.
    """
    require(actor, "fleet.delete_savedfilter")
    _alone(saved.organization_id)
    _require_unused(saved)
    subject = _subject(saved)
    saved_filter_leaving.send(SavedFilter, saved=saved, actor=actor)
    deleted, _ = SavedFilter.objects.filter(pk=saved.pk).delete()
    if deleted:
        record(actor, Action.DELETE, subject)
    return bool(deleted)


def referring_to(saved: SavedFilter) -> list[SavedFilter]:
    """The filters of the organization whose queries name this one."""
    rows = SavedFilter.objects.filter(organization_id=saved.organization_id)
    in_fiql = rows.filter(language=Language.FIQL)
    asking = in_fiql.filter(query__icontains="filter").exclude(pk=saved.pk)
    return [row for row in asking.order_by("name") if saved.name in _names_in(row.query)]


def text_of(saved: SavedFilter) -> str:
    """The condition as it is written, or as FIQL would say the terms; empty where it cannot."""
    if saved.query:
        return saved.query
    try:
        return render(from_terms(saved.terms), DEVICES)
    except (Unspeakable, Invalid):
        return ""


def _new(actor: Actor, organization: Organization, name: str) -> SavedFilter:
    by = actor.name[:512]
    row = SavedFilter(organization=organization, name=name, created_by=by, modified_by=by)
    row.modified_at = row.created_at
    return row


def _take(row: SavedFilter, query: str, language: Language, *, is_new: bool = False) -> None:
    """The query, and the same in terms where these can say it, for those who know only terms.

    Checked when it is written: what is raised here undoes that.
    """
    row.language = language
    if language != Language.FIQL:
        _take_foreign(row, query, is_new=is_new)
        return
    with misread_as_invalid("query"):
        read(query)
    row.query, row.terms = query, []
    _write(row, is_new=is_new)
    text = written_out(query, FilterNames(row.organization_id, within=row.name), field="query")
    if text == query and not is_moving(query):
        row.terms = to_terms(parse(query, DEVICES)) or []
        _write(row)


def _take_foreign(row: SavedFilter, query: str, *, is_new: bool) -> None:
    """What is compared whatever its case has no equal in terms."""
    check_length(query, row.language, field="query")
    spoken = spoken_as(row.language)
    spoken.condition(row.organization, query, now=timezone.now(), field="query")
    row.query, row.terms = query, []
    _write(row, is_new=is_new)


def _require_askable(row: SavedFilter) -> None:
    """Raise Conflict unless all that come to this filter can be asked with its new query."""
    found = [row]
    for each in found:
        found += [other for other in referring_to(each) if other not in found]
    for other in found[1:]:
        names = FilterNames(row.organization_id, within=other.name)
        try:
            written_out(other.query, names, field="query")
        except Invalid as error:
            message = f"The filter “{other.name}” refers to this one: {error.message}"
            raise Conflict("filter_in_use", message, field="query") from error


def _require_unused(saved: SavedFilter) -> None:
    if used := referring_to(saved):
        names = ", ".join(f"“{row.name}”" for row in used[:FEW])
        message = f"{len(used)} filters refer to “{saved.name}”: {names}"
        raise Conflict("filter_in_use", message, field="name")


def _names_in(query: str) -> set[str]:
    try:
        return names_in(query)
    except Misread:
        return set()


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > NAME_LENGTH or not is_storable(name):
        text = f"name: a text of 1 to {NAME_LENGTH} characters is required"
        raise Invalid("filter_invalid", text, field="name")


def _write(row: SavedFilter, *, is_new: bool = False) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=is_new)
    except IntegrityError as error:
        taken = f"a filter named {row.name} exists already"
        raise Conflict("filter_exists", taken, field="name") from error


def _alone(organization_id: Any) -> None:
    """One at a time: what refers to what is checked across rows."""
    rows = Organization.objects.select_for_update(no_key=True)
    rows.filter(pk=organization_id).first()


def _subject(saved: SavedFilter) -> Subject:
    return Subject("saved_filter", saved.id, saved.name)
