"""What `q` selects and how `sort` sorts, of any list of this API.

Source: hawkBit, RSQL; the seed, parameters `q` and `sort`.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from api.hawkbit.error_codes import REST
from api.hawkbit.errors import Failure, Refused, failure_of
from api.hawkbit.requests import Call
from api.hawkbit.rsql.language import clock_of, read_as_invalid
from api.hawkbit.rsql.parsing import parse
from fleet.errors import Invalid
from query.compiling import compiled
from query.listing import Column, Listing
from query.ordering import ordering_of
from query.tree import Condition

MOST = 10
DIRECTIONS = {"asc": "", "desc": "-"}

Row = TypeVar("Row", bound=Model)


def selected(rows: QuerySet[Row], listing: Listing, call: Call) -> QuerySet[Row]:
    """Those that the parameter `q` selects, all without one; raises Refused."""
    condition = read_condition(call, listing)
    if condition is None:
        return rows
    return rows.filter(compiled(condition, listing.target_of))


def read_condition(call: Call, listing: Listing) -> Condition | None:
    """What the parameter `q` says, None without one; raises Refused."""
    text = call.GET.get("q")
    if text is None:
        return None
    try:
        with read_as_invalid("q"):
            return parse(text, listing, clock_of(call.organization, timezone.now()))
    except Invalid as error:
        raise Refused(failure_of(error)) from error


def sorted_by(rows: QuerySet[Row], listing: Listing, sort: str) -> QuerySet[Any]:
    """In the order of `sort` (`name:ASC,id:DESC`), else in that of the listing; raises Refused."""
    orders = ordering_of(order_of(sort, listing), listing)
    return rows.order_by(*(order.spelt() for order in orders))


def order_of(sort: str, listing: Listing) -> tuple[str, ...]:
    """The columns to sort by, "-" in front for descending; raises Refused."""
    return tuple(_read(sort, listing)) if sort else listing.sort


def _read(sort: str, listing: Listing) -> Iterator[str]:
    """The columns, "-" in front for descending, each once."""
    asked = sort.split(",")
    if len(asked) > MOST:
        raise _refused("sortParamSyntax", f"The list can be sorted by at most {MOST} fields")
    told = set[str]()
    for each in asked:
        name, *directions = (part.strip() for part in each.split(":"))
        if not name or len(directions) != 1 or not directions[0]:
            message = "The given sort parameter is not of the form field:ASC or field:DESC"
            raise _refused("sortParamSyntax", message)
        direction = DIRECTIONS.get(directions[0].lower())
        if direction is None:
            message = f"The given sort direction {{{directions[0][:64]}}} is not ASC or DESC"
            raise _refused("invalidDirection", message)
        column = _column(name, listing)
        if column.name not in told:
            told.add(column.name)
            yield direction + column.name


def _column(name: str, listing: Listing) -> Column:
    column = listing.by_name.get(name.casefold())
    if column is None or column.sort_by is None:
        message = f"The given sort parameter field {{{name[:64]}}} does not exist"
        raise _refused("invalidField", message)
    return column


EXCEPTIONS = {
    "sortParamSyntax": "SortParameterSyntaxErrorException",
    "invalidDirection": "SortParameterUnsupportedDirectionException",
    "invalidField": "SortParameterUnsupportedFieldException",
}


def _refused(key: str, message: str) -> Refused:
    return Refused(Failure(400, f"rest.param.{key}", REST + EXCEPTIONS[key], message))
