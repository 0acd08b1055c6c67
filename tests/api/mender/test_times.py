"""Times come with up to nine digits and any offset, and leave in UTC with three."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.mender.times import read_stamp, read_unix, stamp
from fleet.errors import Invalid

MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS)
def test_what_is_written_is_read_to_the_millisecond(moment: datetime) -> None:
    assert abs(read_stamp(stamp(moment), "t") - moment) < timedelta(milliseconds=1)


def test_a_stamp_is_in_utc_with_milliseconds() -> None:
    moment = datetime(2020, 7, 6, 15, 4, 49, 114999, tzinfo=timezone(timedelta(hours=2)))
    assert stamp(moment) == "2020-07-06T13:04:49.114Z"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2020-07-06T15:04:49.114046203+02:00", "2020-07-06T13:04:49.114Z"),
        ("2016-03-11T13:03:17.063493443Z", "2016-03-11T13:03:17.063Z"),
        ("2016-03-11t13:03:17z", "2016-03-11T13:03:17.000Z"),
        ("2016-03-11 13:03:17.5-00:30", "2016-03-11T13:33:17.500Z"),
    ],
)
def test_what_callers_write_is_understood(text: str, read: str) -> None:
    assert stamp(read_stamp(text, "start_ts")) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2016-03-11",
        "2016-03-11T13:03:17",
        "2016-02-30T13:03:17Z",
        "2016-03-11T25:03:17Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "٢٠١٦-03-11T13:03:17Z",
        5,
        None,
        [],
    ],
)
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(Invalid):
        read_stamp(text, "start_ts")


def test_unix_seconds_are_whole_and_within_reason() -> None:
    assert read_unix("1457701397", "created_after").year == 2016
    for text in ["", "1.5", "x", "999999999999", "1e9", "٣"]:
        with pytest.raises(Invalid):
            read_unix(text, "created_after")
