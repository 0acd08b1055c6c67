"""How a view becomes operations of the document; the hook that REST framework offers for it.

What is the same for all is read off the view: its listing, what it needs, the body that a handler
reads. Only the rest is said by `@extend_schema`; a Listing may stand there as a response.
"""

import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, get_doc

from api.v1 import endpoints
from api.v1.bodies import Body
from api.v1.jobs import begun
from api.v1.openapi import columns, parameters
from api.v1.openapi.failures import failures_of
from api.v1.short_lists import PARAMETERS, ShortCollection
from jobs.listing import JOBS
from query.listing import Listing

VIEWS = "api.v1.views"
VERBS = {"POST": "act", "PATCH": "change", "PUT": "replace", "DELETE": "delete"}
Schema = dict[str, Any]


class EndpointSchema(AutoSchema):
    """Describes an Endpoint."""

    view: endpoints.Endpoint  # type: ignore[override] # what this schema is for

    @property
    def handler(self) -> Any:
        return getattr(self.view, self.method.lower())

    @property
    def is_list(self) -> bool:
        return self.handler.__func__ in {endpoints.Collection.get, ShortCollection.get}

    def get_auth(self) -> list[Schema]:
        """None of its own: the document says what holds for all."""
        return []

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema | None:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        failures = failures_of(self.view, self.method, has_id="{" in path)
        problem = self._component("Problem", columns.PROBLEM)
        for status, failure in failures.items():
            if status >= "400":
                failure["content"] = {"application/problem+json": {"schema": problem}}
            operation["responses"].setdefault(status, failure)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def get_operation_id(self) -> str:
        """`devices_list`, `devices_get`, `devices_create`, `deployments_pause`."""
        words = [token.replace("-", "_") for token in self._tokenize_path()]
        return "_".join([*words, *self._verb()])

    def _verb(self) -> list[str]:
        if self.method == "GET":
            return ["list" if self.is_list else "get"]
        if self.method == "POST":
            # What is done stands in the address, unless it is to make one more of a list.
            is_list = "GET" in self.view.needs and not self.path.endswith("}")
            return ["create"] if is_list else []
        return [VERBS[self.method]]

    def get_tags(self) -> list[str]:
        first, *_ = self._tokenize_path()
        return [first.replace("-", " ").capitalize()]

    def get_summary(self) -> str:
        listing = self._listing()
        if self.is_list and listing:
            return f"List {columns.words_of(listing)}"
        if listing and self.handler.__func__ is endpoints.Item.get:
            return f"One of the {columns.words_of(listing)}"
        said = " ".join(self._said().split())
        return re.split(r"[.:;](?:\s|$)", said, maxsplit=1)[0]

    def get_description(self) -> str:  # type: ignore[override] # as drf-spectacular has it
        need = self.view.needs[self.method]
        right = "Any member may."
        if need.permission:
            bounds = ", be it for some groups or tags only" if need.within_bounds else ""
            right = f"Needs the permission `{need.permission}`{bounds}."
        return "\n\n".join(text for text in (self._said(), right) if text)

    def _said(self) -> str:
        own = [get_doc(self.handler), self._said_of_view()]
        if self.method == "GET":
            own.reverse()
        return "\n\n".join(text for text in own if text)

    def _said_of_view(self) -> str:
        """What the view says of itself, not what its kind does."""
        kinds = (kind for kind in type(self.view).__mro__ if kind.__module__.startswith(VIEWS))
        return next((get_doc(kind) for kind in kinds if kind.__doc__), "")

    def get_override_parameters(self) -> list[Any]:
        """The Body that a view reads from the address, as parameters."""
        asked = getattr(self.view, "asked", None)
        return [asked] if asked else []

    def get_request_serializer(self) -> Any:
        """The Body that the handler reads, if it reads one."""
        named = (self.handler.__func__.__globals__.get(n) for n in self._names())
        bodies = [each for each in named if isinstance(each, type) and issubclass(each, Body)]
        return bodies[0] if bodies else None

    def get_response_serializers(self) -> Any:
        listing = self._listing()
        if self.method == "DELETE":
            return {204: None}
        if "begun" in self._names() and self.handler.__func__.__globals__.get("begun") is begun:
            return {202: JOBS}
        is_thing = self.path.endswith("}") or self.handler.__func__ is endpoints.Item.get
        if self.method == "GET" and not (self.is_list or is_thing):
            return {200: None}
        return {201 if self._verb() == ["create"] else 200: listing}

    def _get_request_body(self, direction: str = "request") -> Schema | None:
        if self.get_request_serializer() is None:
            return None
        body: Schema | None = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        return body

    def _get_response_for_code(
        self, serializer: Any, status_code: str, *args: Any, **more: Any
    ) -> Schema:
        if not isinstance(serializer, Listing):
            response: Schema = super()._get_response_for_code(  # type: ignore[no-untyped-call]
                serializer, status_code, *args, **more
            )
            response["description"] = response.get("description") or "Done."
            return response
        if self.is_list:
            return self._list_response(serializer)
        name = columns.names_of(serializer)
        schema = self._component(name, columns.whole(serializer))
        is_tagged = serializer is self._listing() and not isinstance(self.view, ShortCollection)
        headers = {"ETag": parameters.ETAG} if is_tagged and status_code != "202" else {}
        if status_code in {"201", "202"}:
            headers["Location"] = parameters.LOCATION
        return _response(f"The {name}.", schema, headers)

    def _list_response(self, listing: Listing) -> Schema:
        name = columns.names_of(listing)
        row = self._component(f"{name}Row", columns.row(listing))
        page = self._component(f"{name}Page", columns.page(row))
        response = _response(f"A page of {columns.words_of(listing)}.", page, {})
        response["content"]["text/csv"] = {"schema": {"type": "string"}}
        return response

    def _get_parameters(self) -> list[Schema]:
        found = [*super()._get_parameters(), parameters.ORGANIZATION]
        listing = self._listing()
        if self.is_list and listing and isinstance(self.view, endpoints.Collection):
            found += parameters.list_parameters(listing)
        if self.is_list and listing and isinstance(self.view, ShortCollection):
            known = parameters.list_parameters(listing)
            found += [each for each in known if each["name"] in PARAMETERS]
        if self.method == "GET" and isinstance(self.view, endpoints.Item):
            found.append(parameters.IF_NONE_MATCH)
        if self.method != "GET" and "multipart/form-data" not in self._media_types():
            found.append(parameters.IDEMPOTENCY_KEY)
        if self.method != "GET" and self.view.is_conditional:
            found.append(parameters.IF_MATCH)
        return found

    def _media_types(self) -> list[str]:
        body = self.get_request_serializer()
        return list(body) if isinstance(body, Mapping) else ["application/json"]

    def _names(self) -> tuple[str, ...]:
        """The names that the handler's code uses."""
        names: tuple[str, ...] = self.handler.__func__.__code__.co_names
        return names

    def _listing(self) -> Listing | None:
        return getattr(self.view, "listing", None)

    def _component(self, name: str, schema: Schema) -> Schema:
        kind: Any = ResolvedComponent
        component = kind(name=name, type=kind.SCHEMA, schema=schema, object=name)
        self.registry.register_on_missing(component)
        reference: Schema = component.ref
        return reference


def _response(description: str, schema: Schema, headers: Schema) -> Schema:
    response = {"description": description, "content": {"application/json": {"schema": schema}}}
    return response | ({"headers": headers} if headers else {})
