"""What is large: numbers beyond 32 bits, and conditions as long as they may be."""

from typing import Any

import pytest

from tests.api.v1.callers import Caller, caller
from tests.make import make_artifact, make_device, make_release

pytestmark = pytest.mark.django_db
HOST = "http://testserver"
SIZES = [0, 5, 2**31 - 1, 2**31, 3 * 2**30, 2**32 + 5]


@pytest.fixture
def person() -> Caller:
    found = caller()
    release = make_release(found.organization)
    for index, size in enumerate(SIZES):
        make_artifact(release, size=size, device_types=[f"board-{index}"])
    return found


def sizes(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [item["size"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("size=lt=2147483648", SIZES[:3]),
        ("size=le=3221225472", SIZES[:5]),
        ("size=gt=2147483648", SIZES[4:]),
        ("size=ge=4294967301", SIZES[5:]),
        ("size==4294967301", SIZES[5:]),
        ("size=in=(3221225472,5)", [5, 3 * 2**30]),
        ("format_version=lt=4294967296", SIZES),
        ("format_version==4294967299", []),
    ],
)
def test_a_number_of_more_than_32_bits_is_what_it_says(
    person: Caller, asked: str, found: list[int]
) -> None:
    assert sizes(person.get("/artifacts", q=asked, sort="size")) == found


@pytest.mark.parametrize("sort", ["size", "-size"])
def test_pages_go_on_behind_large_numbers(person: Caller, sort: str) -> None:
    wanted = sizes(person.get("/artifacts", sort=sort))
    for way in ("next", "previous"):
        page, met = person.get("/artifacts", sort=sort, limit=1), list[int]()
        while way == "previous" and (further := page.json()["next"]):
            page = person.get(further.removeprefix(HOST))
        while True:
            met += sizes(page)
            if page.json()[way] is None:
                break
            page = person.get(page.json()[way].removeprefix(HOST))
        assert met == (wanted if way == "next" else wanted[::-1])


def test_as_many_times_are_asked_for_as_there_is_room_for(person: Caller) -> None:
    make_device(person.organization)
    times = ",".join(str(number % 10) for number in range(500))
    asked = ",".join([f"created_at=in=({times})"] * 4)
    assert len(asked) <= 4096
    for condition, count in [(asked, 0), (f"!({asked})", 1)]:
        answer = person.get("/devices", q=condition)
        assert answer.status_code == 200, answer.content
        assert len(answer.json()["items"]) == count
