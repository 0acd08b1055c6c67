"""Numbers and times as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from config import words

NOW = datetime(2026, 11, 17, 14, 32, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "0 s"),
        (41, "41 s"),
        (120, "2 min"),
        (372, "6 min 12 s"),
        (1500, "25 min"),
        (13200, "3 h 40 min"),
        (187200, "2 d 4 h"),
        (400 * 86400, "400 d"),
    ],
)
def test_a_span_has_its_two_largest_units(seconds, said):
    assert words.duration(timedelta(seconds=seconds)) == said


def test_what_is_shown_again_and_again_does_not_flicker():
    assert words.age(timedelta(seconds=372)) == "6 min"
    assert words.age(timedelta(seconds=41)) == "41 s"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW.replace(hour=11), "11:32"),
        (NOW.replace(day=9), "9 Nov 14:32"),
        (NOW.replace(year=2025), "17 Nov 2025"),
    ],
)
def test_a_moment_says_as_much_as_is_needed(at, said):
    assert words.moment(at, NOW) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 bytes"),
        (612, "612 bytes"),
        (1000, "1.0 kB"),
        (148_300_000, "148 MB"),
        (1_249_000_000, "1.2 GB"),
        (999_700, "1.0 MB"),
    ],
)
def test_a_size_has_three_digits_at_most(size, said):
    assert words.file_size(size) == said


def test_a_share_has_one_decimal():
    assert [words.share_of(766, 3412), words.share_of(0, 0)] == ["22.5 %", "0.0 %"]
