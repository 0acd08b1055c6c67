"""When a maintenance window is open: a schedule, a duration, and a clock at a fixed offset."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployments.windows import Window, from_kept, parse_window
from fleet.errors import Invalid

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 28, 12, tzinfo=UTC)


def window(
    schedule: str = "0 0 2 * * ?", duration: str = "01:00:00", offset: str = "+01:00"
) -> Window:
    found = parse_window(schedule, duration, offset, now=NOW)
    assert found is not None
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_it_is_open_from_its_start_until_its_end() -> None:
    nightly = window()
    assert nightly.next_start(at("2026-03-28T23:00:00+00:00")) == at("2026-03-29T02:00:00+01:00")
    assert not nightly.is_open(at("2026-03-29T01:59:59+01:00"))
    assert nightly.is_open(at("2026-03-29T02:00:00+01:00"))
    assert nightly.is_open(at("2026-03-29T02:59:59+01:00"))
    assert not nightly.is_open(at("2026-03-29T03:00:00+01:00"))


def test_while_it_is_open_the_next_start_is_the_present_one() -> None:
    now = at("2026-03-29T02:30:00+01:00")
    assert window().next_start(now) == at("2026-03-29T02:00:00+01:00")
    assert window().closes_at(now) == at("2026-03-29T03:00:00+01:00")


def test_it_goes_on_past_midnight() -> None:
    late = window("0 30 23 ? * SAT", "02:00:00")
    assert late.is_open(at("2026-03-29T01:29:59+01:00"))
    assert not late.is_open(at("2026-03-29T01:30:00+01:00"))
    assert late.next_start(at("2026-03-29T01:30:00+01:00")) == at("2026-04-04T23:30:00+01:00")


def test_windows_that_overlap_are_one_that_does_not_close() -> None:
    always = window("0 0 * * * ?", "02:00:00")
    assert all(always.is_open(NOW + timedelta(minutes=each)) for each in range(0, 300, 7))


def test_daylight_saving_moves_it_by_an_hour_on_the_wall_never_in_utc() -> None:
    """Berlin goes from +01:00 to +02:00 in the night to 29 March 2026, and back on 25 October."""
    nightly = window(offset="+01:00")
    before = nightly.next_start(at("2026-03-27T12:00:00+00:00"))
    after = nightly.next_start(at("2026-03-29T12:00:00+00:00"))
    assert before is not None
    assert after is not None
    assert (before.astimezone(UTC).hour, after.astimezone(UTC).hour) == (1, 1)
    assert before.astimezone(BERLIN).hour == 2
    assert after.astimezone(BERLIN).hour == 3
    assert after - before == timedelta(days=2)


def test_the_hour_that_the_wall_clock_skips_or_repeats_has_one_window() -> None:
    nightly = window(schedule="0 30 2 * * ?", duration="00:30:00", offset="+01:00")
    for night in ("2026-03-28", "2026-10-24"):
        evening = at(f"{night}T20:00:00+00:00")
        opened = [
            evening + timedelta(minutes=each)
            for each in range(0, 720, 10)
            if nightly.is_open(evening + timedelta(minutes=each))
        ]
        assert len(opened) == 3
        assert opened[0].astimezone(UTC).hour == 1


def test_on_a_leap_day_it_opens_every_four_years() -> None:
    leap = window("0 0 2 29 2 ?", "12:00:00", "Z")
    assert leap.next_start(NOW) == at("2028-02-29T02:00:00+00:00")
    assert leap.is_open(at("2028-02-29T13:59:59+00:00"))
    assert leap.next_start(at("2028-02-29T14:00:00+00:00")) == at("2032-02-29T02:00:00+00:00")


def test_the_last_day_of_february_is_the_leap_day_in_a_leap_year() -> None:
    last = window("0 0 2 L 2 ?", "01:00:00", "Z")
    assert last.next_start(at("2027-02-01T00:00:00+00:00")) == at("2027-02-28T02:00:00+00:00")
    assert last.next_start(at("2028-02-01T00:00:00+00:00")) == at("2028-02-29T02:00:00+00:00")


def test_before_it_opens_devices_call_often_enough_to_hit_it() -> None:
    nightly = window()

    def sleep(minutes: float) -> int:
        now = at("2026-03-29T02:00:00+01:00") - timedelta(minutes=minutes)
        return nightly.sleep_until(now, usual=300, calls=3)

    assert [sleep(60), sleep(15), sleep(9), sleep(3), sleep(1), sleep(0.1)] == [
        300,
        300,
        180,
        60,
        30,
        30,
    ]
    assert [sleep(0), sleep(-59)] == [300, 300]


def test_a_window_shorter_than_the_poll_interval_is_hit_all_the_same() -> None:
    """A device that sleeps as it is told calls within the 40 seconds, every night of a year."""
    short = window("0 0 2 * * ?", "00:00:40", "+01:00")
    now, hit = NOW, set()
    while now < NOW + timedelta(days=365):
        if short.is_open(now):
            hit.add(now.date())
        now += timedelta(seconds=short.sleep_until(now, usual=3600, calls=3))
    assert len(hit) == 365


def test_a_lapsed_one_changes_nothing_any_more() -> None:
    once = window("0 0 2 29 3 ? 2026")
    later = at("2026-03-29T03:00:00+01:00")
    assert not once.has_lapsed(later - timedelta(seconds=1))
    assert once.has_lapsed(later)
    assert once.next_start(later) is None
    assert once.closes_at(later) is None
    assert not once.is_open(later)
    assert once.sleep_until(later, usual=300, calls=3) == 300


def test_all_three_or_none() -> None:
    assert parse_window(None, None, None) is None
    for asked in (("0 0 2 * * ?", None, None), ("0 0 2 * * ?", "01:00:00", ""), (None, "", "Z")):
        with pytest.raises(Invalid) as error:
            parse_window(*asked)
        assert (error.value.code, error.value.field) == ("invalid_window", "maintenance_window")


@pytest.mark.parametrize(
    ("duration", "offset"),
    [
        ("24:00:00", "Z"),
        ("1:00:00", "Z"),
        ("01:60:00", "Z"),
        ("00:00:00", "Z"),
        ("PT1H", "Z"),
        ("01:00:00", "Europe/Berlin"),
        ("01:00:00", "+19:00"),
        ("01:00:00", "+18:00:01"),
        ("01:00:00", "+02:60"),
        ("01:00:00", "02:00"),
    ],
)
def test_malformed_parts_are_refused(duration: str, offset: str) -> None:
    with pytest.raises(Invalid, match=r"duration|timezone"):
        parse_window("0 0 2 * * ?", duration, offset)


def test_one_that_never_opens_again_is_refused_but_not_one_that_is_open() -> None:
    once = ("0 0 2 29 3 ? 2026", "01:00:00", "+01:00")
    parse_window(*once, now=at("2026-03-29T02:59:59+01:00"))
    with pytest.raises(Invalid, match="never opens"):
        parse_window(*once, now=at("2026-03-29T03:00:00+01:00"))


@pytest.mark.parametrize("offset", ["+02:00", "-0930", "+5", "Z", "+18:00", "-05:30:15"])
def test_it_is_kept_as_it_was_given(offset: str) -> None:
    kept = window(duration="01:30", offset=offset).kept()
    assert kept == {"schedule": "0 0 2 * * ?", "duration": "01:30", "timezone": offset}
    assert from_kept(kept) == window(duration="01:30", offset=offset)
    assert from_kept(None) is None


@settings(max_examples=200, deadline=None)
@given(
    hours=st.lists(st.integers(0, 23), min_size=1, max_size=3, unique=True),
    lasts=st.integers(1, 23 * 60 + 59),
    offset=st.integers(-18 * 60, 18 * 60),
    seconds=st.integers(0, 3 * 365 * 86400),
)
def test_it_is_open_exactly_after_some_start_and_before_its_end(
    hours: list[int], lasts: int, offset: int, seconds: int
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    sign = "-" if offset < 0 else "+"
    made = window(
        f"0 0 {','.join(map(str, hours))} * * ?",
        f"{lasts // 60:02}:{lasts % 60:02}:00",
        f"{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}",
    )
    local = now + timedelta(minutes=offset)
    starts = [
        (local.replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=day))
        for hour in hours
        for day in (-1, 0, 1)
    ]
    is_open = any(start <= local < start + timedelta(minutes=lasts) for start in starts)
    assert made.is_open(now) == is_open
