"""What is said of one call of Riverbed's API: who may make it."""

from dataclasses import dataclass
from enum import StrEnum

from api.openapi.operations import Operation as AnyOperation

BASE = "/api/npm.system_update/2.0"
COMMON_BASE = "/api/common/1.0"


class Caller(StrEnum):
    """Who may make a call."""

    ANYBODY = "anybody"
    PERMITTED = "a member with the right, about an appliance of theirs"


@dataclass(frozen=True)
class Operation(AnyOperation):
    caller: Caller = Caller.PERMITTED

    @property
    def by_rule(self) -> list[int]:
        """404 is that of an appliance that there is not."""
        if self.caller == Caller.ANYBODY:
            return [500]
        statuses = [400, 401, 403, 404, 429, 500]
        if self.method != "GET":
            statuses.append(409)
        is_read = self.method != "GET" and (self.body is None or self.body.is_json)
        if is_read:
            statuses.append(413)
        if self.body is not None and self.body.is_json:
            statuses.append(415)
        return statuses

    @property
    def security(self) -> list[dict[str, list[str]]]:
        return [] if self.caller == Caller.ANYBODY else [{"basic": []}]
