"""Lists of ids longer than a database takes in one statement."""

from typing import Any

import pytest

from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker

MANY = 70_000
QUOTA = "hawkbit.server.error.quota.tooManyEntries"


def refused(hawkbit: Hawkbit, method: str, path: str, body: Any) -> None:
    answer = hawkbit.send(method, path, body)
    assert (answer.status_code, answer.json()["errorCode"]) == (403, QUOTA)


def ids() -> list[dict[str, int]]:
    return [{"id": number} for number in range(1, MANY)]


@pytest.mark.parametrize("path", ["/targets/137/assignedDS", "/distributionsets/{}/assignedSM"])
def test_assigned(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker, path: str
) -> None:
    target("137")
    refused(hawkbit, "POST", path.format(distribution_set().pk), ids())


def test_modules_of_a_new_set(hawkbit: Hawkbit) -> None:
    body = [{"name": "big", "version": "1", "modules": ids()}]
    refused(hawkbit, "POST", "/distributionsets", body)


def test_types_that_a_target_type_takes(hawkbit: Hawkbit) -> None:
    [row] = hawkbit.post("/targettypes", [{"name": "kind"}]).json()
    path = f"/targettypes/{row['id']}/compatibledistributionsettypes"
    refused(hawkbit, "POST", path, ids())


def test_actions_to_delete(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    for path in ("/actions", "/targets/137/actions"):
        refused(hawkbit, "DELETE", path, list(range(1, MANY)))


def test_sets_that_get_a_tag(hawkbit: Hawkbit) -> None:
    [row] = hawkbit.post("/distributionsettags", [{"name": "beta"}]).json()
    refused(hawkbit, "POST", f"/distributionsettags/{row['id']}/assigned", list(range(1, MANY)))
