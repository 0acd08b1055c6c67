"""What is said of one call: who may make it, what it takes, and what it answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from api.mender.openapi.schema import TEXT, Schema, array, whole

DEVICES, MANAGEMENT = "/api/devices", "/api/management"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
PARAMETER = re.compile(r"{(\w+)}")


class Caller(StrEnum):
    """Who may make a call."""

    ANYBODY = "anybody"
    DEVICE = "a device"
    PERSON = "a person"
    PERMITTED = "a person with the right role"


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    schema: Schema
    place: str = "query"
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """What comes with a call, in each of the media types it may come in."""

    schema: Schema
    media_types: Sequence[str] = (JSON,)
    is_required: bool = True

    @property
    def is_json(self) -> bool:
        return JSON in self.media_types


@dataclass(frozen=True, slots=True)
class Answer:
    """What one status comes with; nothing, if it has no schema."""

    description: str
    schema: Schema | None = None
    media_type: str = JSON
    headers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; `refuses` are the statuses that come with Mender's error body.

    What every call may answer (`by_rule`) need not be said.
    """

    method: str
    path: str
    summary: str
    answers: Mapping[int, Answer]
    refuses: Sequence[int] = ()
    query: Sequence[Parameter] = ()
    body: Body | None = None
    caller: Caller = Caller.PERMITTED
    headers: Sequence[Parameter] = ()
    is_deprecated: bool = False

    @property
    def parameters(self) -> list[Parameter]:
        in_path = [
            Parameter(name, TEXT, place="path", is_required=True)
            for name in PARAMETER.findall(self.path)
        ]
        return [*in_path, *self.query, *self.headers]

    @property
    def by_rule(self) -> list[int]:
        """The statuses that follow from who calls and what is sent, whatever the call does."""
        statuses = [400, 500]
        if self.caller != Caller.ANYBODY:
            statuses += [401, 429]
        if self.caller == Caller.PERMITTED:
            statuses.append(403)
        if self.body is not None:
            statuses.append(413)
        if self.body is not None and self.body.is_json:
            statuses.append(415)
        return statuses

    @property
    def own_statuses(self) -> set[int]:
        return {*self.answers, *self.refuses}

    @property
    def statuses(self) -> set[int]:
        return self.own_statuses | set(self.by_rule)


def gives(schema: Schema, description: str = "As asked.", **more: str) -> dict[int, Answer]:
    """200 with JSON, or with what `media_type` says."""
    return {200: Answer(description, schema, **more)}


def lists(items: Schema) -> dict[int, Answer]:
    """200 with all there is of them."""
    return gives(array(items))


def pages(items: Schema, *, is_counted: bool = True) -> dict[int, Answer]:
    """200 with one page, and where the others are."""
    headers = ["Link", "X-Total-Count"] if is_counted else ["Link"]
    return {200: Answer("One page.", array(items), headers=headers)}


def creates(description: str = "Made.") -> dict[int, Answer]:
    """201 and where the new thing is."""
    return {201: Answer(description, headers=["Location"])}


def done(status: int = 204, description: str = "Done.") -> dict[int, Answer]:
    """Nothing more to say."""
    return {status: Answer(description)}


def sends(schema: Schema, *media_types: str, is_required: bool = True) -> Body:
    return Body(schema, media_types or (JSON,), is_required)


def query(**schemas: Schema) -> list[Parameter]:
    return [Parameter(name, schema) for name, schema in schemas.items()]


def period(name: str) -> list[Parameter]:
    """From when to when, in whole Unix seconds."""
    moment = whole(-(10**10), 10**10)
    return query(**{f"{name}_after": moment, f"{name}_before": moment})


def phrase(status: int) -> str:
    return HTTPStatus(status).phrase


PAGED = query(page=whole(1), per_page=whole(1, 500))
PERIOD = period("created")
