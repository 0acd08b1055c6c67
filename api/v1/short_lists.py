"""Lists that are short and known whole: no rows of a table, so there are no pages."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from operator import itemgetter
from typing import Any, ClassVar

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from api.v1.asking import naming_the_parameter, require_known
from api.v1.endpoints import Tabular
from api.v1.tables import wants_table
from fleet.conditions import misread_as_invalid
from query.cells import cells_of, line_of
from query.fiql.parsing import parse
from query.listing import Listing
from query.matching import MISSING, matches
from query.ordering import read_sort
from query.showing import Shown, read_fields
from query.tree import Field

Thing = dict[str, Any]
PARAMETERS = ("q", "sort", "fields", "format")


class ShortCollection(Tabular, ABC):
    """All of a few things in one answer, told as its `listing` names their columns.

    It takes `q`, `sort` and `fields`, and is CSV, as every list.
    """

    listing: ClassVar[Listing]

    @abstractmethod
    def things(self) -> list[Thing]:
        """All that the caller may see, in the order of the listing, a value for each column."""

    def get(self, request: Request, **_names: Any) -> HttpResponseBase:
        with naming_the_parameter():
            require_known(request.GET, PARAMETERS)
            things = _asked(request.GET, self.listing, self.things())
            shown = read_fields(request.GET.get("fields", ""), self.listing)
        if wants_table(request):
            return _table(things, shown, self.listing.name)
        items = [{each.name: thing[each.name] for each in shown} for thing in things]
        return Response({"items": items, "next": None, "previous": None, "count": None})


def the(things: list[Thing], name: str) -> Thing:
    """The one of that name; raises Http404."""
    for thing in things:
        if thing["name"] == name:
            return thing
    raise Http404


def _asked(query: QueryDict, listing: Listing, things: list[Thing]) -> list[Thing]:
    """Those that the address asks for, in its order."""
    if text := query.get("q", "").strip():
        with misread_as_invalid("q"):
            condition = parse(text, listing)
        things = [thing for thing in things if matches(condition, _look_up(thing))]
    if sort := query.get("sort", ""):
        for name in reversed(read_sort(sort, listing)):
            key, is_descending = name.removeprefix("-").casefold(), name.startswith("-")
            things = sorted(things, key=itemgetter(key), reverse=is_descending)
    return things


def _look_up(thing: Thing) -> Callable[[Field], object]:
    """An empty text counts as missing, as it does in a column."""

    def look_up(field: Field) -> object:
        value = thing[field[0]]
        return MISSING if value in ("", None) else value

    return look_up


def _table(things: list[Thing], shown: tuple[Shown, ...], name: str) -> HttpResponse:
    rows = (tuple(thing[each.name] for each in shown) for thing in things)
    lines = [line_of([each.name for each in shown])]
    lines += [line_of(cells_of(row, shown)) for row in rows]
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse("".join(lines), "text/csv; charset=utf-8", headers=headers)
