"""What is said of one call of Carbon Black's APIs: what all of them share."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.openapi.operations import Operation as AnyOperation
from api.openapi.schema import TEXT, WHOLE, Schema, array, either, mapping, record, text

JOBS = "/sensor_update_service/v3/orgs/{org_key}/jobs"
SERVICE_JOBS = "/jobs/v1/orgs/{org_key}/jobs"
SECURITY: list[dict[str, list[str]]] = [{"apiKey": []}, {"bearer": []}]


@dataclass(frozen=True)
class Operation(AnyOperation):
    """A call within an organization."""

    @property
    def by_rule(self) -> list[int]:
        statuses = [401, 403, 429, 500]
        if self.method != "GET":
            statuses.append(409)
        return [*statuses, 400, 413, 415] if self.body else statuses

    @property
    def security(self) -> list[dict[str, list[str]]]:
        return SECURITY


def one_or_many(one: Schema) -> Schema:
    """A single value stands for a list of it; a number for its digits."""
    return either(one, array(one))


def found(items: Schema) -> Schema:
    """One page, and how many there are in all."""
    return record({"num_found": WHOLE | {"minimum": 0}, "results": array(items)})


QUERY = text(most=4096)
VALUES: Schema = one_or_many(either(TEXT, WHOLE))
CRITERIA: Schema = mapping(VALUES)
SCHEMAS: Mapping[str, Schema] = {
    "Error": record({"error_code": TEXT, "message": TEXT, "args": array({})}),
}
