"""A Quartz schedule is read and its next time found, against one that tries every second."""

import calendar
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.quartz import ScheduleError, read_schedule

THURSDAY = datetime(2026, 1, 1, tzinfo=UTC)


def next_of(text: str, after: datetime = THURSDAY) -> str:
    found = read_schedule(text).after(after)
    return "never" if found is None else f"{found:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0 0 2 * * ?", "2026-01-01 02:00:00"),
        ("30 15 10 * * ? *", "2026-01-01 10:15:30"),
        ("* * * * * ?", "2026-01-01 00:00:01"),
        ("0 0/5 14,18 * * ?", "2026-01-01 14:00:00"),
        ("0 /20 14 * * ?", "2026-01-01 14:00:00"),
        ("5/20 0 0 * * ?", "2026-01-01 00:00:05"),
        ("0 10-20/5 9 * * ?", "2026-01-01 09:10:00"),
        ("0 0 22-2/2 ? * *", "2026-01-01 02:00:00"),
        ("0 0 0 ? * 1", "2026-01-04 00:00:00"),
        ("0 0 0 ? * SUN", "2026-01-04 00:00:00"),
        ("0 0 0 ? * sat-mon", "2026-01-03 00:00:00"),
        ("0 0 0 ? * L", "2026-01-03 00:00:00"),
        ("0 0 0 ? * 6L", "2026-01-30 00:00:00"),
        ("0 0 0 ? * FRIL", "2026-01-30 00:00:00"),
        ("0 0 0 ? * 6#3", "2026-01-16 00:00:00"),
        ("0 0 0 ? * MON#5", "2026-03-30 00:00:00"),
        ("0 0 0 ? * TUE#1,L", "2026-01-03 00:00:00"),
        ("0 0 0 L * ?", "2026-01-31 00:00:00"),
        ("0 0 0 L-3 * ?", "2026-01-28 00:00:00"),
        ("0 0 0 LW * ?", "2026-01-30 00:00:00"),
        ("0 0 0 L-5W FEB ?", "2026-02-23 00:00:00"),
        ("0 0 0 17W * ?", "2026-01-16 00:00:00"),
        ("0 0 0 18W * ?", "2026-01-19 00:00:00"),
        ("0 0 0 1W 8 ?", "2026-08-03 00:00:00"),
        ("0 0 0 31W 5 ?", "2026-05-29 00:00:00"),
        ("0 0 0 15,L MAR ?", "2026-03-15 00:00:00"),
        ("0 0 0 31 * ?", "2026-01-31 00:00:00"),
        ("0 0 0 31 4,6-7 ?", "2026-07-31 00:00:00"),
        ("0 0 0 29 2 ?", "2028-02-29 00:00:00"),
        ("0 0 0 29 FEB ? 2027", "never"),
        ("0 0 0 1 1 ? 2026", "never"),
        ("0 0 0 1 1 ? 2030/10", "2030-01-01 00:00:00"),
        ("0 0 0 30 2 ?", "never"),
    ],
)
def test_the_next_time_is_found(text: str, found: str) -> None:
    assert next_of(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0 0 2 * *",
        "0 0 2 * * ? 2026 1",
        "0 0 2 * * *",
        "0 0 2 ? * ?",
        "60 0 2 * * ?",
        "0 60 2 * * ?",
        "0 0 24 * * ?",
        "0 0 2 0 * ?",
        "0 0 2 32 * ?",
        "0 0 2 32W * ?",
        "0 0 2 L-31 * ?",
        "0 0 2 1 13 ?",
        "0 0 2 1 JANUARY ?",
        "0 0 2 ? * 0",
        "0 0 2 ? * 8",
        "0 0 2 ? * 2#6",
        "0 0 2 ? * L#2",
        "0 0 2 1 1 ? 1969",
        "0 0 2 1 1 ? 2100",
        "0 0 2 1 1 ? 2030-2026",
        "0 ? 2 1 1 ?",
        "0 0/0 2 * * ?",
        "0 0/60 2 * * ?",
        "0 1, 2 * * ?",
        "0 1-2-3 2 * * ?",
        "0 -1 2 * * ?",
        "0 ٣ 2 * * ?",
        "0 0 2 * * ? " + "2026," * 60 + "2026",
    ],
)
def test_what_is_no_schedule_is_refused(text: str) -> None:
    with pytest.raises(ScheduleError):
        read_schedule(text)


def test_one_that_is_far_away_or_never_is_told_at_once() -> None:
    began = time.perf_counter()
    for _ in range(20):
        assert next_of("59 59 23 29 2 ? 2096") == "2096-02-29 23:59:59"
        assert next_of("0 0 0 31 2,4,6,9,11 ?") == "never"
        assert next_of("0 0 0 ? 2 2#5 2027-2051") == "2044-02-29 00:00:00"
    assert time.perf_counter() - began < 1


def test_the_clock_that_it_is_told_by_is_kept() -> None:
    west = datetime.fromisoformat("2026-01-01T23:00:00-11:00")
    found = read_schedule("0 0 2 * * ?").after(west)
    assert found == datetime.fromisoformat("2026-01-02T02:00:00-11:00")


def quartz_weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1


def is_day(day: date, of_month: str, of_week: str) -> bool:
    """What the two fields of days say of a day, in other words than the code's."""
    length = calendar.monthrange(day.year, day.month)[1]
    if of_week == "?":
        return of_month == "*" or day.day == wanted_day(of_month, day.replace(day=1), length)
    if of_week.endswith("L"):
        return quartz_weekday(day) == int(of_week[:-1]) and day.day > length - 7
    if "#" in of_week:
        weekday, nth = map(int, of_week.split("#"))
        return quartz_weekday(day) == weekday and (day.day + 6) // 7 == nth
    first, last = map(int, of_week.split("-"))
    return first <= quartz_weekday(day) <= last


def wanted_day(of_month: str, first: date, length: int) -> int | None:
    number = of_month.removesuffix("W")
    wanted = length if number == "L" else int(number)
    if wanted > length or number == of_month:
        return wanted if wanted <= length else None
    working = [each for each in range(1, length + 1) if first.replace(day=each).weekday() < 5]
    return min(working, key=lambda each: abs(each - wanted))


days = st.one_of(
    st.tuples(
        st.one_of(
            st.just("*"),
            st.just("L"),
            st.just("LW"),
            st.integers(1, 31).map(str),
            st.integers(1, 31).map("{}W".format),
        ),
        st.just("?"),
    ),
    st.tuples(
        st.just("?"),
        st.one_of(
            st.integers(1, 7).map("{}L".format),
            st.tuples(st.integers(1, 7), st.integers(1, 5)).map(lambda pair: "{}#{}".format(*pair)),
            st.tuples(st.integers(1, 4), st.integers(4, 7)).map(lambda pair: "{}-{}".format(*pair)),
        ),
    ),
)
numbers = st.lists(st.integers(0, 23), min_size=1, max_size=3, unique=True)
moments = st.integers(0, 1556 * 86400).map(
    lambda seconds: datetime(2023, 12, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@settings(max_examples=300, deadline=None)
@given(days=days, hours=numbers, minutes=numbers, step=st.integers(1, 59), after=moments)
def test_the_next_time_is_the_one_that_trying_each_finds(
    days: tuple[str, str], hours: list[int], minutes: list[int], step: int, after: datetime
) -> None:
    seconds = range(3, 60, step)
    listed = [",".join(map(str, each)) for each in (minutes, hours)]
    found = read_schedule(f"3/{step} {' '.join(listed)} {days[0]} * {days[1]}").after(after)
    times = [(hour, minute, second) for hour in hours for minute in minutes for second in seconds]
    assert found == first_after(after, days, sorted(times))


def first_after(
    after: datetime, days: tuple[str, str], times: list[tuple[int, int, int]]
) -> datetime:
    """Day by day, time by time."""
    midnight = after.replace(hour=0, minute=0, second=0)
    while True:
        if is_day(midnight.date(), *days):
            for hour, minute, second in times:
                at = midnight.replace(hour=hour, minute=minute, second=second)
                if at > after:
                    return at
        midnight += timedelta(days=1)
