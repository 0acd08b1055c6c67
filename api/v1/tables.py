"""Lists as CSV, streamed while the database reads them."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.request import Request

from api.v1.asking import Asked
from query.gzipped import gzipped
from query.tables import Table, table_of


def wants_table(request: Request) -> bool:
    """Whether CSV is asked for; `format` goes before `Accept`."""
    renderer: Any = request.accepted_renderer
    return str(request.GET.get("format") or renderer.format) == "csv"


def table_answer(request: Request, asked: Asked) -> StreamingHttpResponse:
    """All rows, or the first `limit`; raises before anything is sent, or not at all."""
    is_head = request.method == "HEAD"
    content: Any = () if is_head else _content(request, asked)
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{asked.listing.name}.csv"'
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip(request):
        response.headers["Content-Encoding"] = "gzip"
    return response


def _content(request: Request, asked: Asked) -> "Table | Compressed":
    table = table_of(asked.rows, asked.ordering, asked.shown, limit=asked.limit)
    return Compressed(table) if takes_gzip(request) else table


class Compressed:
    """The pieces of a table through gzip at its quickest; closes the table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.close = table.close

    def __iter__(self) -> Iterator[bytes]:
        return gzipped(self._table)


def takes_gzip(request: Request) -> bool:
    """Whether `Accept-Encoding` names gzip and does not rule it out."""
    for offer in request.headers.get("Accept-Encoding", "").lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
