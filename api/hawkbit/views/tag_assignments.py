"""What has a tag, of targets and of distribution sets, and giving it to them or taking it away.

Source: hawkBit, target tags and distribution set tags, in the form of today and in that of 2021.
"""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from django.http import HttpResponse

from api.hawkbit.errors import error_response, not_found, not_readable
from api.hawkbit.requests import Call, json_body
from api.hawkbit.resources import NOTHING, Answer, Resource
from api.hawkbit.views.tag_catalogue import Catalogue, find
from fleet.models import Tag


class OnNotFound(StrEnum):
    """What to do about ids that there are none of."""

    FAIL = "FAIL"
    ON_WHAT_FOUND_AND_FAIL = "ON_WHAT_FOUND_AND_FAIL"
    ON_WHAT_FOUND_AND_SUCCESS = "ON_WHAT_FOUND_AND_SUCCESS"


@dataclass(slots=True)
class Named:
    """The ids that a body lists; `as_objects` where each is a member of an object (2021)."""

    ids: list[Any]
    as_objects: bool


@dataclass(slots=True)
class Found:
    """The keys of those that there are, by the ids that they were named by."""

    keys: dict[Any, Any]
    missing: list[Any] = field(default_factory=list)


class Assignments(Resource):
    """For one kind of things: `entity` is its name in errors, `member` the id's in bodies."""

    catalogue: ClassVar[Catalogue]
    entity: ClassVar[str]
    member: ClassVar[str]

    @abstractmethod
    def found(self, call: Call, ids: Sequence[Any]) -> dict[Any, Any]:
        """The keys of those that there are, within the caller's reach."""

    @abstractmethod
    def having(self, call: Call, tag: Tag, keys: Collection[Any]) -> set[Any]:
        """The keys of those among them that have the tag."""

    @abstractmethod
    def assign(self, call: Call, tag: Tag, keys: Collection[Any], *, is_on: bool) -> None:
        """Raises what the domain raises."""

    @abstractmethod
    def told(self, call: Call, keys: Collection[Any]) -> list[dict[str, Any]]:
        """As lists have them."""

    def named(self, call: Call) -> Named:
        body = json_body(call)
        items = body if isinstance(body, list) else [body]
        if items and all(isinstance(item, dict) for item in items):
            return Named([self.id_of(item.get(self.member)) for item in items], as_objects=True)
        return Named([self.id_of(item) for item in items], as_objects=False)

    def id_of(self, value: object) -> Any:
        """Raises Refused (400) for what can be no id."""
        if isinstance(value, str) and value and "\0" not in value:
            return value
        raise not_readable()

    def all_of(self, call: Call, ids: Sequence[Any]) -> Found:
        keys = self.found(call, ids)
        return Found(keys, [each for each in ids if each not in keys])

    def keys_of(self, call: Call, ids: Sequence[Any]) -> list[Any]:
        """Raises Refused (404) unless there are all of them."""
        found = self.all_of(call, ids)
        if found.missing:
            raise not_found(self.entity, found.missing[0])
        return list(dict.fromkeys(found.keys.values()))


class ManyAssigned(Assignments):
    """`…/assigned`, with a list of ids."""

    bodies = frozenset({"POST", "DELETE"})

    def post(self, call: Call, tag_id: int) -> Answer | HttpResponse | list[dict[str, Any]]:
        tag, named = find(call, self.catalogue, tag_id), self.named(call)
        if named.as_objects:
            keys = self.keys_of(call, named.ids)
            self.assign(call, tag, keys, is_on=True)
            return self.told(call, keys)
        return self._change(call, tag, named.ids, is_on=True)

    def delete(self, call: Call, tag_id: int) -> Answer | HttpResponse:
        tag = find(call, self.catalogue, tag_id)
        return self._change(call, tag, self.named(call).ids, is_on=False)

    def _change(
        self, call: Call, tag: Tag, ids: Sequence[Any], *, is_on: bool
    ) -> Answer | HttpResponse:
        policy = _policy(call)
        found = self.all_of(call, ids)
        refusal = not_found(self.entity, found.missing[0]) if found.missing else None
        if refusal and policy == OnNotFound.FAIL:
            raise refusal
        self.assign(call, tag, list(dict.fromkeys(found.keys.values())), is_on=is_on)
        if refusal and policy == OnNotFound.ON_WHAT_FOUND_AND_FAIL:
            # Answered and not raised: what was found stays assigned.
            return error_response(refusal)
        return NOTHING


class ToggledAssignments(Assignments):
    """`…/assigned/toggleTagAssignment`: if all have the tag they lose it, else all get it."""

    bodies = frozenset({"POST"})
    plural: ClassVar[str]

    def post(self, call: Call, tag_id: int) -> dict[str, Any]:
        tag = find(call, self.catalogue, tag_id)
        keys = self.keys_of(call, self.named(call).ids)
        having = self.having(call, tag, keys)
        is_on = len(having) < len(keys)
        changing = [key for key in keys if (key in having) is not is_on]
        self.assign(call, tag, changing, is_on=is_on)
        told = self.told(call, changing)
        return {
            f"assigned{self.plural}": told if is_on else [],
            f"unassigned{self.plural}": [] if is_on else told,
        }


class OneAssigned(Assignments):
    """`…/assigned/{id}`."""

    bodies = frozenset()

    def change(self, call: Call, tag_id: int, id_: Any, *, is_on: bool) -> Answer:
        tag = find(call, self.catalogue, tag_id)
        self.assign(call, tag, self.keys_of(call, [id_]), is_on=is_on)
        return NOTHING


def _policy(call: Call) -> OnNotFound:
    try:
        return OnNotFound(call.GET.get("onNotFoundPolicy", OnNotFound.FAIL).upper())
    except ValueError:
        raise not_readable() from None
