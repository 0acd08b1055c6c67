"""What is said of one call of this dialect: who may make it as well."""

from dataclasses import dataclass
from enum import StrEnum

from api.openapi.operations import (
    JSON,
    Answer,
    Body,
    Parameter,
    done,
    gives,
    lists,
    phrase,
    query,
    sends,
)
from api.openapi.operations import Operation as AnyOperation
from api.openapi.schema import Schema, array, whole

__all__ = [
    "DEVICES",
    "FORM",
    "JSON",
    "MANAGEMENT",
    "MULTIPART",
    "PAGED",
    "PERIOD",
    "Answer",
    "Body",
    "Caller",
    "Operation",
    "Parameter",
    "creates",
    "done",
    "gives",
    "lists",
    "pages",
    "period",
    "phrase",
    "query",
    "sends",
]
DEVICES, MANAGEMENT = "/api/devices", "/api/management"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class Caller(StrEnum):
    """Who may make a call."""

    ANYBODY = "anybody"
    DEVICE = "a device"
    PERSON = "a person"
    PERMITTED = "a person with the right role"


SECURITY: dict[Caller, list[dict[str, list[str]]]] = {
    Caller.ANYBODY: [],
    Caller.DEVICE: [{"device": []}],
    Caller.PERSON: [{"person": []}],
    Caller.PERMITTED: [{"person": []}],
}


@dataclass(frozen=True)
class Operation(AnyOperation):
    caller: Caller = Caller.PERMITTED

    @property
    def by_rule(self) -> list[int]:
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
    def security(self) -> list[dict[str, list[str]]]:
        return SECURITY[self.caller]


def pages(items: Schema, *, is_counted: bool = True) -> dict[int, Answer]:
    """200 with one page, and where the others are."""
    headers = ["Link", "X-Total-Count"] if is_counted else ["Link"]
    return {200: Answer("One page.", array(items), headers=headers)}


def creates(description: str = "Made.") -> dict[int, Answer]:
    """201 and where the new thing is."""
    return {201: Answer(description, headers=["Location"])}


def period(name: str) -> list[Parameter]:
    """From when to when, in whole Unix seconds."""
    moment = whole(-(10**10), 10**10)
    return query(**{f"{name}_after": moment, f"{name}_before": moment})


PAGED = query(page=whole(1), per_page=whole(1, 500))
PERIOD = period("created")
