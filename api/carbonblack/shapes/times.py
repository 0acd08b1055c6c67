"""Moments as Carbon Black spells them: jobs with six digits of a second, sensors with three."""

from datetime import UTC, datetime

# What a sensor has instead of a moment that has not come.
NEVER = "-999999999-01-01T00:00:00.000Z"


def job_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def sensor_time(moment: datetime) -> str:
    in_utc = moment.astimezone(UTC)
    return f"{in_utc:%Y-%m-%dT%H:%M:%S}.{in_utc.microsecond // 1000:03}Z"
