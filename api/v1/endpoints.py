"""What all views of this API share: who may, what a list is, what one thing is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.v1.authentication import Caller
from auditlog.actor import Actor
from fleet.models import Organization
from query.listing import Column, Listing


@dataclass(frozen=True, slots=True)
class Need:
    """The permission that a method asks for, None if any member may.

    One that is `within_bounds` is enough to hold for some groups or tags: the view keeps to those.
    """

    permission: str | None
    within_bounds: bool = False

    def is_met_by(self, actor: Actor) -> bool:
        if self.permission is None:
            return True
        return (actor.may_somewhere if self.within_bounds else actor.may)(self.permission)


class Endpoint(APIView):
    """One address. `needs` has an entry for each method that the view answers."""

    needs: ClassVar[Mapping[str, Need]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else str(request.method)
        need = self.needs.get(method)
        if need is not None and not need.is_met_by(self.actor):
            raise PermissionDenied(f"This call needs {need.permission}.", code="forbidden")

    @property
    def caller(self) -> Caller:
        return cast("Caller", self.request.auth)

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @property
    def organization(self) -> Organization:
        return self.caller.organization


class Collection(Endpoint):
    """A list, declared by its `listing`; `rows` says which of them the caller may see."""

    listing: ClassVar[Listing]

    def rows(self) -> QuerySet[Model]:
        """Of the caller's organization, and within the caller's reach; unsorted, unfiltered."""
        raise NotImplementedError

    def get(self, request: Request, **_names: Any) -> Response:
        columns = self.listing.shown
        found = told(self.rows().order_by(self.listing.key)[:50], columns)
        return Response({"items": found, "next": None, "previous": None, "count": None})


class Item(Endpoint):
    """One thing of a list, with all of its columns, by the `id` in the address."""

    listing: ClassVar[Listing]
    id_field: ClassVar[str] = "id"

    def rows(self) -> QuerySet[Model]:
        """As `Collection.rows`."""
        raise NotImplementedError

    def find(self, **names: Any) -> Model:
        """The row that the address names; raises Http404."""
        found = self.rows().filter(**{self.id_field: names["id"]}).first()
        if found is None:
            raise Http404
        return found

    def told(self, row: Model) -> dict[str, Any]:
        """The thing as the API tells it now."""
        return told(self.rows().filter(pk=row.pk), self.listing.columns)[0]

    def get(self, request: Request, **names: Any) -> Response:
        return Response(self.told(self.find(**names)))

    @contextmanager
    def changing(self, **names: Any) -> Iterator[Any]:
        """The row, locked in a transaction, if it still is what the caller's `If-Match` names.

        What is raised inside undoes everything.
        """
        with transaction.atomic():
            yield self.find(**names)


def told(rows: QuerySet[Any], columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """The rows as callers see them: one query, only what the columns read."""
    names = {f"column_{index}": column.expression for index, column in enumerate(columns)}
    found = rows.annotate(**names).values_list(*names)
    return [
        {
            column.name: column.tell(value) if column.tell else value
            for column, value in zip(columns, values, strict=True)
        }
        for values in found
    ]
