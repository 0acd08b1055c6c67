"""Nobody gets more than their share, and whoever keeps to it notices nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from fleet import throttling
from fleet.throttling import Buckets, TooMany, throttle_sign_in


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Counted:
    """Buckets under a clock that only we turn."""

    def __init__(self, size: int = 100) -> None:
        self.clock = Clock()
        self.buckets = Buckets(size=size, clock=self.clock)

    def asks(self, caller: str, per_minute: int, times: int = 1) -> int:
        """How many of the requests were let through."""
        return sum(self.wait(caller, per_minute) == 0 for _ in range(times))

    def wait(self, caller: str, per_minute: int) -> int:
        try:
            self.buckets.take(caller, per_minute)
        except TooMany as error:
            return error.seconds
        return 0


def test_a_minute_s_worth_may_come_at_once_and_no_more() -> None:
    counted = Counted()
    assert counted.asks("a", 30, times=100) == 30
    assert counted.wait("a", 30) == 2
    counted.clock.now += 2
    assert counted.asks("a", 30, times=100) == 1
    counted.clock.now += 3600
    assert counted.asks("a", 30, times=100) == 30


def test_callers_do_not_count_for_each_other() -> None:
    counted = Counted()
    assert counted.asks("a", 5, times=9) == counted.asks("b", 5, times=9) == 5


def test_no_limit_is_no_count() -> None:
    counted = Counted()
    assert counted.asks("a", 0, times=1000) == 1000
    assert len(counted.buckets) == 0


def test_the_wait_is_whole_seconds_and_enough() -> None:
    counted = Counted()
    for per_minute in (1, 7, 45, 61, 30_000):
        caller = str(per_minute)
        counted.asks(caller, per_minute, times=per_minute)
        wait = counted.wait(caller, per_minute)
        assert wait >= 1
        counted.clock.now += wait
        assert counted.wait(caller, per_minute) == 0


def test_only_so_many_callers_are_remembered_the_latest() -> None:
    counted = Counted(size=3)
    for caller in ("a", "b", "c", "a", "d"):
        counted.asks(caller, 1)
    assert len(counted.buckets) == 3
    assert counted.wait("a", 1) > 0
    assert counted.wait("b", 1) == 0


@given(
    st.integers(1, 200),
    st.lists(st.tuples(st.floats(0, 20), st.integers(1, 50)), min_size=1, max_size=60),
)
def test_never_more_than_the_burst_and_what_refills(
    per_minute: int, story: list[tuple[float, int]]
) -> None:
    counted = Counted()
    begun, let_through = counted.clock.now, 0
    for pause, requests in story:
        counted.clock.now += pause
        let_through += counted.asks("a", per_minute, times=requests)
        refilled = (counted.clock.now - begun) * per_minute / 60
        assert let_through <= per_minute + refilled + 1e-6


@given(st.integers(1, 200), st.integers(1, 300))
def test_whoever_keeps_the_pace_is_never_refused(per_minute: int, requests: int) -> None:
    counted = Counted()
    for _ in range(requests):
        counted.clock.now += 60 / per_minute
        assert counted.wait("a", per_minute) == 0


def test_threads_together_get_no_more_than_one() -> None:
    counted = Counted()
    with ThreadPoolExecutor(8) as pool:
        given_out = sum(pool.map(lambda _: counted.asks("a", 500, times=200), range(8)))
    assert given_out == 500


def test_signing_in_is_counted_by_person_and_address(settings: Settings) -> None:
    settings.SIGN_IN_RATE = 2
    throttling.forget()
    for email in ("ann@example.com", "Ann@Example.com"):
        throttle_sign_in(email, "192.0.2.1")
    with pytest.raises(TooMany):
        throttle_sign_in("ANN@example.com", "192.0.2.1")
    throttle_sign_in("ann@example.com", "192.0.2.2")
    throttle_sign_in("bob@example.com", "192.0.2.1")
    throttling.forget()
