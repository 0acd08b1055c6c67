"""What is said of one call of a dialect: what it takes, and what it answers."""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from api.openapi.schema import TEXT, Schema, array

JSON = "application/json"
PARAMETER = re.compile(r"{(\w+)}")


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
    """What one status comes with; nothing, if it has no schema.

    `also` are the media types that it comes in where somebody asks for them.
    """

    description: str
    schema: Schema | None = None
    media_type: str = JSON
    headers: Sequence[str] = ()
    also: Sequence[str] = ()


@dataclass(frozen=True)
class Operation:
    """One method of one path; `refuses` are the statuses that come with the dialect's error body.

    What every call may answer (`by_rule`) need not be said. `in_path` are the schemas of the
    parameters in the path that are not just texts.
    """

    method: str
    path: str
    summary: str
    answers: Mapping[int, Answer]
    refuses: Sequence[int] = ()
    query: Sequence[Parameter] = ()
    body: Body | None = None
    headers: Sequence[Parameter] = ()
    is_deprecated: bool = False
    in_path: Mapping[str, Schema] = field(default_factory=dict)

    @property
    def parameters(self) -> list[Parameter]:
        in_path = [
            Parameter(name, self.in_path.get(name, TEXT), place="path", is_required=True)
            for name in PARAMETER.findall(self.path)
        ]
        return [*in_path, *self.query, *self.headers]

    @property
    @abstractmethod
    def by_rule(self) -> list[int]:
        """The statuses that follow from who calls and what is sent, whatever the call does."""

    @property
    @abstractmethod
    def security(self) -> list[dict[str, list[str]]]:
        """What the document says of who may call."""

    @property
    def own_statuses(self) -> set[int]:
        return {*self.answers, *self.refuses}

    @property
    def statuses(self) -> set[int]:
        return self.own_statuses | set(self.by_rule)


def gives(schema: Schema, description: str = "As asked.", **more: Any) -> dict[int, Answer]:
    """200 with JSON, or with what `media_type` says."""
    return {200: Answer(description, schema, **more)}


def lists(items: Schema) -> dict[int, Answer]:
    """200 with all there is of them."""
    return gives(array(items))


def done(status: int = 204, description: str = "Done.") -> dict[int, Answer]:
    """Nothing more to say."""
    return {status: Answer(description)}


def sends(schema: Schema, *media_types: str, is_required: bool = True) -> Body:
    return Body(schema, media_types or (JSON,), is_required)


def query(**schemas: Schema) -> list[Parameter]:
    return [Parameter(name, schema) for name, schema in schemas.items()]


def phrase(status: int) -> str:
    return HTTPStatus(status).phrase
