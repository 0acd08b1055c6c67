"""Maintenance windows: when a device may install what it was told to.

A window opens on a Quartz schedule, for a duration, by a clock with a fixed offset from UTC: it
knows no daylight saving. Source: hawkBit, maintenance windows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from django.utils import timezone as clock

from deployments.quartz import Schedule, ScheduleError, read_schedule
from fleet.errors import Invalid

# Nobody is asked to poll more often than this, however near the window is.
SHORTEST_SLEEP = 30
_DURATION = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d{1,2})(?::?([0-5]\d)(?::?([0-5]\d))?)?", re.ASCII)
_FARTHEST = timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class Window:
    """`schedule`, `duration` and `timezone` are as they were given."""

    schedule: str
    duration: str
    timezone: str
    lasts: timedelta
    _times: Schedule
    _zone: tzinfo

    def next_start(self, now: datetime) -> datetime | None:
        """When it opens next; while it is open, when it did. None: never again."""
        return self._times.after((now - self.lasts).astimezone(self._zone))

    def is_open(self, now: datetime) -> bool:
        start = self.next_start(now)
        return start is not None and start <= now

    def closes_at(self, now: datetime) -> datetime | None:
        """The end of the window that is open, or of the next one."""
        start = self.next_start(now)
        return None if start is None else start + self.lasts

    def has_lapsed(self, now: datetime) -> bool:
        """Whether it never opens again."""
        return self.next_start(now) is None

    def sleep_until(self, now: datetime, *, usual: int, calls: int) -> int:
        """After how many seconds to call, so that there are so many calls before it opens."""
        start = self.next_start(now)
        if start is None or start <= now:
            return usual
        seconds = int((start - now).total_seconds()) // calls
        return max(min(usual, seconds), min(usual, SHORTEST_SLEEP))

    def kept(self) -> dict[str, str]:
        """As a deployment has it in `maintenance_window`."""
        return {
            "schedule": self.schedule,
            "duration": self.duration,
            "timezone": self.timezone,
        }


def parse_window(
    schedule: str | None, duration: str | None, timezone: str | None, *, now: datetime | None = None
) -> Window | None:
    """Read what was asked for: all three, or none of them, which is no window.

    Raises Invalid("invalid_window"), also for one that never opens again.
    """
    if schedule is None and duration is None and timezone is None:
        return None
    if not schedule or not duration or not timezone:
        raise _invalid("A window has a schedule, a duration and a timezone, all three")
    try:
        window = _read(schedule, duration, timezone)
    except ScheduleError as error:
        raise _invalid(str(error)) from error
    if window.has_lapsed(now or clock.now()):
        raise _invalid("It never opens any more")
    return window


def from_kept(kept: Mapping[str, Any] | None) -> Window | None:
    """The window of a deployment, by its `maintenance_window`."""
    return None if kept is None else _read(kept["schedule"], kept["duration"], kept["timezone"])


@lru_cache(maxsize=1024)
def _read(schedule: str, duration: str, offset: str) -> Window:
    return Window(
        schedule,
        duration,
        offset,
        _duration(duration),
        read_schedule(schedule),
        _zone(offset),
    )


def _duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ScheduleError("The duration is HH:mm:ss, less than a day")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    lasts = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if not lasts:
        raise ScheduleError("The duration is at least a second")
    return lasts


def _zone(text: str) -> tzinfo:
    if text in ("Z", "z"):
        return UTC
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise ScheduleError("The timezone is an offset from UTC, such as +02:00")
    sign, hours, minutes, seconds = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0), seconds=int(seconds or 0))
    if offset > _FARTHEST:
        raise ScheduleError("The timezone is at most 18 hours from UTC")
    return timezone(-offset if sign == "-" else offset)


def _invalid(message: str) -> Invalid:
    return Invalid("invalid_window", message, field="maintenance_window")
