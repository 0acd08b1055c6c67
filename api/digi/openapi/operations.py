"""What is said of one call of this API, and what several take."""

from dataclasses import dataclass

from api.openapi.operations import Answer, query
from api.openapi.operations import Operation as AnyOperation
from api.openapi.schema import TEXT, Schema, array, record, text, whole

ROOT = "/ws/v1/jobs"
JOB_ID: dict[str, Schema] = {"job_id": whole(1, 2**31 - 1)}
QUERY = query(query=text(most=8192))
LIST = [*QUERY, *query(orderby=TEXT, cursor=TEXT, size=whole(1))]
TABLE = [*QUERY, *query(orderby=TEXT, fields=TEXT, size=whole(1))]


@dataclass(frozen=True)
class Operation(AnyOperation):
    @property
    def by_rule(self) -> list[int]:
        statuses = [401, 403, 429, 500]
        return statuses if self.method == "GET" else [*statuses, 409]

    @property
    def security(self) -> list[dict[str, list[str]]]:
        return [{"basic": []}, {"keyId": [], "keySecret": []}]


def listed(entries: Schema, description: str) -> Answer:
    """The envelope of a list that has no other page."""
    return Answer(description, envelope(entries))


def envelope(entries: Schema, optional: dict[str, Schema] | None = None) -> Schema:
    counted = whole(0)
    return record({"count": counted, "size": counted, "list": array(entries)}, optional)
