"""What all views of this API share: who may, what a list is, what one thing is."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException, MethodNotAllowed, PermissionDenied
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.v1.authentication import Caller
from api.v1.idempotency import SAFE, once
from api.v1.lists import list_answer
from api.v1.preconditions import has_condition, is_known, require_match, tag_of
from api.v1.rendering import TableRenderer
from api.v1.requests import JsonRequest
from auditlog.actor import Actor
from fleet.addresses import client_address
from fleet.errors import Invalid
from fleet.models import Organization
from fleet.throttling import throttle_user
from query.listing import Column, Listing
from query.showing import shown_of, told_rows


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
    """One address. `needs` has an entry for each method that the view answers.

    What changes something compares `If-Match` if the view `is_conditional`, else refuses it.
    """

    needs: ClassVar[Mapping[str, Need]] = {}
    is_conditional: ClassVar[bool] = False

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return JsonRequest(
            request,
            parsers=self.get_parsers(),
            authenticators=self.get_authenticators(),
            negotiator=self.get_content_negotiator(),
            parser_context=self.get_parser_context(request),
        )

    def dispatch(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponseBase:
        """As REST framework does it, with the answer rendered inside: nothing can fail after."""
        self.args, self.kwargs = args, names
        self.request = known = self.initialize_request(request, *args, **names)
        self.headers = self.default_response_headers
        try:
            self.initial(known, *args, **names)
            response = once(cast("Caller | None", known.auth), known, self._answer)
        except Exception as error:  # noqa: BLE001  whatever it is becomes a problem
            response = self.handle_exception(error)
        return self.finalize_response(known, response, *args, **names)

    def _answer(self) -> HttpResponseBase:
        handler = getattr(self, str(self.request.method).lower())
        response = handler(self.request, *self.args, **self.kwargs)
        return self.finalize_response(self.request, response, *self.args, **self.kwargs)

    def finalize_response(  # type: ignore[override] # the stubs know no other answers
        self, request: Request, response: HttpResponseBase, *args: Any, **names: Any
    ) -> HttpResponseBase:
        """Rendered, with its length, and with the entity tag where it is the whole of one thing."""
        if isinstance(response, Response) and response.is_rendered:
            return response
        if isinstance(response, Response) and (tag := self.entity_tag(response.data)):
            response.headers["ETag"] = tag
        response = super().finalize_response(request, cast("Response", response), *args, **names)
        if isinstance(response, Response):
            response = response.render()
        if isinstance(response, HttpResponse) and response.status_code not in {204, 304}:
            response.headers["Content-Length"] = str(len(response.content))
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def initial(self, request: Request, *args: Any, **names: Any) -> None:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in self.needs:
            raise MethodNotAllowed(method)
        super().initial(request, *args, **names)
        need = self.needs[method]
        if not need.is_met_by(self.actor):
            raise PermissionDenied(f"This call needs {need.permission}.")
        _refuse_nul(request, names)
        if method != "GET" and has_condition(request) and not self.is_conditional:
            text = "This call compares no entity tags: send it without."
            raise Invalid("precondition_unsupported", text, field="If-Match")

    def perform_authentication(self, request: Request) -> None:
        """Count the call: by its credential, or by where it comes from if that does not stand."""
        try:
            caller = cast("Caller | None", request.auth)
        except APIException:
            throttle_user(f"stranger {client_address(request)}")
            raise
        throttle_user(caller.credential if caller else f"stranger {client_address(request)}")

    def entity_tag(self, data: object) -> str | None:
        """The entity tag of an answer; None if it does not tell the whole of one thing."""
        return None

    @property
    def allowed_methods(self) -> list[str]:
        return sorted({*self.needs, "HEAD"} if "GET" in self.needs else self.needs)

    @property
    def caller(self) -> Caller:
        return cast("Caller", self.request.auth)

    @property
    def actor(self) -> Actor:
        return self.caller.actor

    @property
    def organization(self) -> Organization:
        return self.caller.organization


class Tabular(Endpoint):
    """What it tells also comes as CSV; what it answers to a write does not."""

    def get_renderers(self) -> list[BaseRenderer]:
        renderers = super().get_renderers()
        return [*renderers, TableRenderer()] if self.request.method in SAFE else renderers


class Collection(Tabular, ABC):
    """A list, declared by its `listing`; `rows` says which of them the caller may see."""

    listing: ClassVar[Listing]

    @abstractmethod
    def rows(self) -> QuerySet[Model]:
        """Of the caller's organization, and within the caller's reach; unsorted, unfiltered."""

    def get(self, request: Request, **_names: Any) -> HttpResponseBase:
        return list_answer(request, self.listing, self.rows(), self.organization)

    def entity_tag(self, data: object) -> str | None:
        if isinstance(data, dict) and data.keys() == _names(self.listing):
            return tag_of(data, self.listing)
        return None


class Item(Endpoint, ABC):
    """One thing of a list, with all of its columns, by the `id` in the address."""

    listing: ClassVar[Listing]
    id_field: ClassVar[str] = "id"
    is_conditional = True

    @abstractmethod
    def rows(self) -> QuerySet[Model]:
        """As `Collection.rows`."""

    def find(self, **names: Any) -> Model:
        """The row that the address names; raises Http404."""
        found = self.rows().filter(**{self.id_field: names["id"]}).first()
        if found is None:
            raise Http404
        return found

    def told(self, row: Model) -> dict[str, Any]:
        """The thing as the API tells it now."""
        return told(self.rows().filter(pk=row.pk), self.listing.columns)[0]

    def entity_tag(self, data: object) -> str | None:
        if isinstance(data, dict) and data.keys() == _names(self.listing):
            return tag_of(data, self.listing)
        return None

    def get(self, request: Request, **names: Any) -> Response:
        told = self.told(self.find(**names))
        if is_known(request, tag := tag_of(told, self.listing)):
            return Response(status=304, headers={"ETag": tag})
        return Response(told)

    @contextmanager
    def changing(self, **names: Any) -> Iterator[Any]:
        """The row in a transaction: what is raised inside undoes everything.

        With `If-Match` it is locked, and PreconditionFailed is raised unless it still is what
        the caller has seen.
        """
        with transaction.atomic():
            row = self.find(**names)
            if has_condition(self.request):
                row = self._locked(row, **names)
                require_match(self.request, tag_of(self.told(row), self.listing))
            yield row

    def _locked(self, row: Model, **names: Any) -> Model:
        """The row as it is once nobody else can change it; raises Http404 if it is gone."""
        rows = type(row)._base_manager.select_for_update(no_key=True, of=("self",))
        if rows.filter(pk=row.pk).first() is None:
            raise Http404
        return self.find(**names)


def _names(listing: Listing) -> set[str]:
    return {column.name for column in listing.columns}


def _refuse_nul(request: Request, names: Mapping[str, Any]) -> None:
    """No database takes the NUL character, and no name has it."""
    if any("\0" in value for value in names.values() if isinstance(value, str)):
        raise Http404
    if any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
        raise Invalid("invalid_parameter", "A parameter contains the NUL character.")


def told(rows: QuerySet[Any], columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """The rows as callers see them: one query, only what the columns read."""
    return told_rows(rows, shown_of(columns))
