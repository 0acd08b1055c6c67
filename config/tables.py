"""What stands beside a table: its rows as CSV, as a job, and the same question elsewhere."""

import shlex
from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse

from deployments.filter_words import terms_in_words
from fleet.models import Language, SavedFilter

register = template.Library()


@register.inclusion_tag("components/export.html")
def export(listing: str, q: str = "", sort: str = "", count: int | None = None) -> dict[str, Any]:
    """A menu that hands out exactly what the table shows, on all of its pages.

    `q` and `sort` are the table's own, as the listing of that name has them.
    """
    return {
        "asked": f"{listing}?{_query(q=q, sort=sort)}",
        "count": count,
        "link": _address(listing, format="csv", q=q, sort=sort),
    }


@register.inclusion_tag("components/copies.html", takes_context=True)
def copies(context: Any, listing: str, q: str = "") -> dict[str, Any]:
    """A menu with the same condition in other languages."""
    request = context["request"]
    address = request.build_absolute_uri(_address(listing))
    asked = f" --data-urlencode {shlex.quote(f'q={q}')}" if q else ""
    return {
        "q": q,
        "curl": f'curl -G -H "Authorization: Bearer $TOKEN"{asked} {shlex.quote(address)}',
    }


@register.simple_tag
def terms(saved: SavedFilter) -> str:
    """What a filter that came from another API asks, in words."""
    is_ours = saved.language == Language.FIQL
    kept = {"query": saved.query, "language": saved.language}
    return ", ".join(terms_in_words({"terms": saved.terms} if is_ours else kept))


def _address(listing: str, **parameters: str) -> str:
    query = _query(**parameters)
    path = reverse(f"v1-{listing}")
    return f"{path}?{query}" if query else path


def _query(**parameters: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in parameters.items() if value})
    return query.urlencode()
