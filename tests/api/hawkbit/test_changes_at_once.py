"""People who make, change and delete the same things at the same moment."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest

from tests.api.hawkbit.callers import Hawkbit
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(8)
MODIFIED = "hawkbit.server.error.repo.concurrentModification"


def call(hawkbit: Hawkbit, method: str, path: str, body: Any = None) -> Callable[[], Any]:
    return lambda: Hawkbit(hawkbit.membership, by_password=True).send(method, path, body)


def meet(deletion: Callable[[], Any], creation: Callable[[], Any]) -> tuple[int, int]:
    """Who makes what refers to something that has just gone can try again."""
    deleted, created = at_once([deletion, creation])
    assert created.status_code in {201, 404, 409}, created.content
    if created.status_code == 409:
        assert created.json()["errorCode"] == MODIFIED
    return deleted.status_code, created.status_code


def made(hawkbit: Hawkbit, path: str, **body: Any) -> int:
    answer = hawkbit.post(path, [body])
    assert answer.status_code == 201, answer.content
    return int(answer.json()[0]["id"])


def test_a_type_is_deleted_while_something_of_it_is_made(hawkbit: Hawkbit) -> None:
    for number in ROUNDS:
        key = f"kind-{number}"
        for types, things in (
            ("softwaremoduletypes", "softwaremodules"),
            ("distributionsettypes", "distributionsets"),
        ):
            kind = made(hawkbit, f"/{types}", key=key, name=key)
            body = [{"name": key, "version": "1", "type": key}]
            deleted, _ = meet(
                call(hawkbit, "DELETE", f"/{types}/{kind}"),
                call(hawkbit, "POST", f"/{things}", body),
            )
            assert deleted == 204


def test_a_target_type_is_deleted_while_a_target_gets_it(hawkbit: Hawkbit) -> None:
    for number in ROUNDS:
        kind = made(hawkbit, "/targettypes", name=f"kind-{number}")
        target = [{"controllerId": f"c{number}", "targetType": kind}]
        statuses = meet(
            call(hawkbit, "DELETE", f"/targettypes/{kind}"),
            call(hawkbit, "POST", "/targets", target),
        )
        assert statuses in {(204, 404), (204, 409), (409, 201)}


def test_two_lists_of_the_same_things_the_other_way_round(hawkbit: Hawkbit) -> None:
    for number in ROUNDS:
        names = [f"{number}-{which}" for which in "abcdef"]
        ways = (names, names[::-1])
        answers = at_once(
            chain.from_iterable(
                (
                    call(hawkbit, "POST", "/targettags", [{"name": name} for name in way]),
                    call(hawkbit, "POST", "/targets", [{"controllerId": name} for name in way]),
                )
                for way in ways
            )
        )
        assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409]
