"""What is said of one call of hawkBit's APIs: who may make it, and what lists and bodies share."""

from dataclasses import dataclass
from enum import StrEnum

from api.openapi.operations import Answer, Body, query
from api.openapi.operations import Operation as AnyOperation
from api.openapi.schema import COUNT, TEXT, Schema, array, asked, either, record, whole

ROOT = "/rest/v1"
DEVICE = "/{tenant}/controller/v1/{controller_id}"
JSON, HAL = "application/json", "application/hal+json"
CBOR = "application/cbor"


class Caller(StrEnum):
    """Who may make a call."""

    ANYBODY = "anybody"
    DEVICE = "a device"
    MEMBER = "a member"
    PERMITTED = "a member with the right"


SECURITY: dict[Caller, list[dict[str, list[str]]]] = {
    Caller.ANYBODY: [],
    Caller.DEVICE: [{"targetToken": []}],
    Caller.MEMBER: [{"basic": []}, {"bearer": []}],
    Caller.PERMITTED: [{"basic": []}, {"bearer": []}],
}


@dataclass(frozen=True)
class Operation(AnyOperation):
    caller: Caller = Caller.PERMITTED

    @property
    def by_rule(self) -> list[int]:
        statuses = [400, 500]
        if self.caller == Caller.ANYBODY:
            return statuses
        statuses += [401, 406, 429]
        if self.caller == Caller.PERMITTED:
            statuses.append(403)
        if self.method == "GET":
            statuses.append(304)
        elif self.caller != Caller.DEVICE:
            statuses.append(409)
        if self.caller == Caller.DEVICE:
            statuses.append(404)
        if self.body is not None:
            statuses += [413, 415]
        return statuses

    @property
    def security(self) -> list[dict[str, list[str]]]:
        return SECURITY[self.caller]


LIST = query(limit=whole(1, 500), offset=COUNT, sort=TEXT, q=TEXT)
PAGES = query(limit=whole(1, 500), offset=COUNT, sort=TEXT)


def paged(items: Schema) -> dict[int, Answer]:
    """200 with one page, and how many there are."""
    content = record({"content": array(items), "total": COUNT, "size": COUNT})
    return {200: Answer("One page.", content)}


def made(schema: Schema) -> dict[int, Answer]:
    """201 with what was made."""
    return {201: Answer("Made.", schema)}


def takes(schema: Schema, *, is_required: bool = True) -> Body:
    return Body(schema, (JSON, HAL), is_required)


def takes_many(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Body:
    """A list of them; one alone stands for a list of one."""
    one = asked(required, optional)
    return takes(either(array(one), one))


def in_path(*names: str) -> dict[str, Schema]:
    """Ids in the path that are numbers."""
    return dict.fromkeys(names, whole(1, 2**31 - 1))
