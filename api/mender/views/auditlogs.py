"""The audit log, in pages and as a table. Source: Mender API, Audit Logs."""

from collections.abc import Collection

from django.http import HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse

from api.mender.audit_csv import COLUMNS, table
from api.mender.audit_words import ACTORS, KIND_OF_WORD, RECORDED
from api.mender.auth import for_user
from api.mender.requests import UserRequest, json_response
from api.mender.shapes.audit import Told, entry_shape
from api.mender.times import read_period
from api.paging import add_page_headers, read_page, read_positive
from auditlog.actor import ActorKind
from auditlog.models import AuditEntry, AuditQuerySet
from auditlog.walking import walk
from fleet.errors import Invalid

PAGE = 10
SEPARATOR_LENGTH = 16
ORDER = {"desc": ("-at", "-id"), "asc": ("at", "id")}


@for_user("auditlog.view_auditentry")
def list_entries(request: UserRequest) -> HttpResponse:
    page, entries = read_page(request.GET, default_size=PAGE), _matching(request)
    found, has_more = page.of(entries.told().values_list(*Told._fields))
    response = json_response([entry_shape(Told(*row)) for row in found])
    total = entries.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user("auditlog.view_auditentry")
def export_entries(request: UserRequest) -> HttpResponseBase:
    """All of them, or the first `limit`, however many: no more than a batch is held."""
    columns, separator = _columns(request.GET), _separator(request.GET)
    limit = read_positive(request.GET, "limit", 1) if request.GET.get("limit") else None
    is_newest_first = _order(request.GET) == "desc"
    entries = _matching(request).told()
    rows = walk(entries, Told._fields, is_newest_first=is_newest_first, limit=limit)
    is_head = request.method == "HEAD"
    shapes = map(entry_shape, map(Told._make, rows))
    return StreamingHttpResponse(
        () if is_head else table(shapes, columns, separator),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="auditlogs.csv"'},
    )


def _matching(request: UserRequest) -> AuditQuerySet:
    query = request.GET
    entries = AuditEntry.objects.of(request.organization.pk)
    if _choice(query, "all", ("false", "true"), "false") == "false":
        entries = entries.among(RECORDED).filter(actor_kind__in=ACTORS)
    entries = _on_object(query, _by_actor(query, entries))
    since, before = read_period(query)
    if since:
        entries = entries.filter(at__gte=since)
    if before:
        entries = entries.filter(at__lt=before)
    return entries.order_by(*ORDER[_order(query)])


def _order(query: QueryDict) -> str:
    return _choice(query, "sort", ORDER, "desc")


def _by_actor(query: QueryDict, entries: AuditQuerySet) -> AuditQuerySet:
    if kind := _choice(query, "actor_type", ActorKind.values):
        entries = entries.filter(actor_kind=kind)
    if actor_id := query.get("actor_id"):
        entries = entries.filter(actor_id=actor_id)
    if email := query.get("actor_email"):
        entries = entries.by_email(email)
    return entries


def _on_object(query: QueryDict, entries: AuditQuerySet) -> AuditQuerySet:
    if word := _choice(query, "object_type", KIND_OF_WORD):
        entries = entries.filter(object_kind=KIND_OF_WORD[word])
    if object_id := query.get("object_id"):
        entries = entries.filter(object_id=object_id)
    if name := query.get("object_deployment_name"):
        entries = entries.on_deployment_named(name)
    return entries


def _columns(query: QueryDict) -> list[str]:
    """A name that no column has leaves out nothing."""
    ignored = set(query.getlist("ignore"))
    columns = [column for column in COLUMNS if column not in ignored]
    if not columns:
        raise Invalid("invalid_query", "invalid ignore query: no column is left", field="ignore")
    return columns


def _separator(query: QueryDict) -> str:
    separator = query.get("format_separator") or "."
    if len(separator) > SEPARATOR_LENGTH:
        raise _invalid("format_separator", separator)
    return separator


def _choice(query: QueryDict, name: str, choices: Collection[str], default: str = "") -> str:
    """One of `choices`; raises Invalid("invalid_query")."""
    asked = query.get(name) or default
    if asked and asked not in choices:
        raise _invalid(name, asked)
    return asked


def _invalid(name: str, value: str) -> Invalid:
    return Invalid("invalid_query", f'invalid {name} query: "{value[:64]}"', field=name)
