"""Numbered pages: `page` and `per_page` in, `Link` and `X-Total-Count` out."""

import re
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict

from fleet.errors import Invalid

DEFAULT_SIZE = 20
MAX_SIZE = 500
INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
# No table has more rows; a bigger offset would not fit the databases' integers.
MAX_OFFSET = 2**62

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` (from 1) of a list cut into pages of `size`."""

    number: int = 1
    size: int = DEFAULT_SIZE

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def of(self, rows: QuerySet[Row]) -> tuple[list[Row], bool]:
        """The rows on this page, and whether there are more after it."""
        if self.offset > MAX_OFFSET:
            return [], False
        found = list(rows[self.offset : self.offset + self.size + 1])
        return found[: self.size], len(found) > self.size


def read_page(
    query: QueryDict,
    *,
    max_size: int = MAX_SIZE,
    default_size: int = DEFAULT_SIZE,
    is_lenient: bool = False,
) -> Page:
    """The page asked for; raises Invalid("invalid_query").

    With `is_lenient` a `per_page` above `max_size` means the default.
    """
    number = read_positive(query, "page", 1)
    size = read_positive(query, "per_page", min(default_size, max_size))
    if size > max_size and not is_lenient:
        raise _refused(f'parameter "per_page" above limit (max: {max_size})', "per_page")
    return Page(number, size if size <= max_size else default_size)


def add_page_headers(
    response: HttpResponse,
    request: HttpRequest,
    page: Page,
    *,
    has_more: bool,
    total: int | None = None,
) -> HttpResponse:
    """Set `Link`, and `X-Total-Count` where the total is known."""
    numbers = {"first": 1}
    if page.number > 1:
        numbers["prev"] = page.number - 1
    if has_more:
        numbers["next"] = page.number + 1
    if total is not None:
        numbers["last"] = max(1, -(-total // page.size))
        response.headers["X-Total-Count"] = str(total)
    response.headers["Link"] = ", ".join(
        f'<{_address(request, page, number)}>; rel="{relation}"'
        for relation, number in numbers.items()
    )
    return response


def _address(request: HttpRequest, page: Page, number: int) -> str:
    query = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in {"page", "per_page"}
        for value in values
    ]
    query += [("page", str(number)), ("per_page", str(page.size))]
    return f"{request.get_full_path().partition('?')[0]}?{urlencode(query)}"


def read_positive(query: QueryDict, name: str, default: int) -> int:
    """A whole number from 1, of up to 18 digits; raises Invalid("invalid_query")."""
    text = query.get(name, "")
    if not text:
        return default
    if not INTEGER.fullmatch(text):
        raise _refused(f'invalid {name} query: "{text[:64]}"', name)
    if int(text) < 1:
        raise _refused(f'invalid {name} query: "{text}": must be at least 1', name)
    return int(text)


def _refused(message: str, field: str) -> Invalid:
    return Invalid("invalid_query", message, field=field)
