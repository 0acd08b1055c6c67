"""Whatever filter somebody has saved, the polls of the whole fleet go through it."""

from typing import Any

import pytest

from deployments import joining
from tests.at_once import at_once
from tests.deployments.dynamic import call, make_dynamic, make_filter, red
from tests.make import make_organization

WORDS = [f"word {number}" for number in range(500)]
FOR_NOBODY = [
    ("identity", "id", "$eq", "no id"),
    ("identity", "id", "$in", []),
    ("identity", "status", "$eq", True),
    ("system", "group", "$eq", ["a"]),
    ("system", "check_in_time", "$in", []),
    ("inventory", "color", "$in", WORDS),
    ("inventory", "a\"%s\\\n'b", "$eq", "x"),
]
FOR_EVERYBODY = [
    ("identity", "id", "$ne", "no id"),
    ("system", "group", "$nin", []),
    ("inventory", "color", "$in", [*WORDS[1:], "red"]),
    ("inventory", "color", "$nin", WORDS),
    ("inventory", 'a"b', "$ne", "x"),
]
KEYS = ("scope", "attribute", "type", "value")


def term(*values: Any) -> dict[str, Any]:
    return dict(zip(KEYS, values, strict=True))


@pytest.mark.django_db
def test_a_filter_that_takes_nobody_keeps_nobody_from_the_next_one() -> None:
    organization = make_organization()
    for facts in FOR_NOBODY:
        make_dynamic(organization, saved=make_filter(organization, term(*facts)))
    last = make_dynamic(organization)
    offer = call(red(organization))
    assert offer
    assert offer.deployment_id == last.id


@pytest.mark.django_db
@pytest.mark.parametrize("facts", FOR_EVERYBODY, ids=str)
def test_what_is_denied_of_a_device_takes_it(facts: tuple[Any, ...]) -> None:
    organization = make_organization()
    make_dynamic(organization, saved=make_filter(organization, term(*facts)))
    assert call(red(organization))


@pytest.mark.django_db
def test_large_filters_are_asked_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = make_organization()
    for _ in range(3):
        make_dynamic(organization, saved=make_filter(organization, term(*FOR_NOBODY[0])))
    last = make_dynamic(organization)
    monkeypatch.setattr(joining, "LONGEST", 1)
    offer = call(red(organization))
    assert offer
    assert offer.deployment_id == last.id


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "facts",
    [("inventory", "color", "$regex", "^r"), ("inventory", 'a"b', "$ne", "x")],
    ids=str,
)
def test_each_thread_can_ask_what_another_has_prepared(facts: tuple[Any, ...]) -> None:
    organization = make_organization()
    make_dynamic(organization, saved=make_filter(organization, term(*facts)))
    first, *others = [red(organization) for _ in range(4)]
    assert call(first)
    assert all(at_once([lambda device=device: call(device) for device in others]))  # type: ignore[misc]
