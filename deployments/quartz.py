"""Schedules as Quartz writes them: seconds first, Sunday is 1, and words for odd days.

Read into a Schedule once, which then finds its next time month by month: one far away or never
costs no more than the months until 2099. Source: Quartz, CronExpression.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from deployments.quartz_days import DayRule, Month, month_days, week_days
from deployments.quartz_fields import Field, ScheduleError, values

__all__ = ["Schedule", "ScheduleError", "read_schedule"]

LONGEST = 256
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
SECOND = Field("second", 0, 59)
MINUTE = Field("minute", 0, 59)
HOUR = Field("hour", 0, 23)
MONTH = Field("month", 1, 12, MONTHS)
YEAR = Field("year", 1970, 2099, wraps=False)
ANY = "?"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a clock on the wall shows these; the numbers are sorted."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    rules: tuple[DayRule, ...]
    months: tuple[int, ...]
    years: tuple[int, ...]

    def after(self, moment: datetime) -> datetime | None:
        """The first time later than this, to the second; None if there is none any more.

        It is told by the same clock: the offset of `moment` is kept.
        """
        start = moment.replace(microsecond=0) + timedelta(seconds=1)
        for year in self.years[bisect_left(self.years, start.year) :]:
            first = start.month if year == start.year else 1
            for month in self.months[bisect_left(self.months, first) :]:
                found = self._in_month(year, month, start)
                if found is not None:
                    return found.replace(tzinfo=moment.tzinfo)
        return None

    def _in_month(self, year: int, month: int, start: datetime) -> datetime | None:
        of_month = Month.of(year, month)
        for day in sorted(set().union(*(rule(of_month) for rule in self.rules))):
            today = date(year, month, day)
            clock = start.time() if today == start.date() else time.min
            found = self._at_or_after(clock) if today >= start.date() else None
            if found is not None:
                return datetime.combine(today, found)
        return None

    def _at_or_after(self, clock: time) -> time | None:
        for hour in self.hours[bisect_left(self.hours, clock.hour) :]:
            first = clock.minute if hour == clock.hour else 0
            for minute in self.minutes[bisect_left(self.minutes, first) :]:
                is_now = (hour, minute) == (clock.hour, clock.minute)
                later = self.seconds[bisect_left(self.seconds, clock.second if is_now else 0) :]
                if later:
                    return time(hour, minute, later[0])
        return None


@lru_cache(maxsize=1024)
def read_schedule(text: str) -> Schedule:
    """Read an expression of six fields, or seven with the year. Raises ScheduleError."""
    fields = text.split()
    if len(text) > LONGEST or len(fields) not in (6, 7):
        raise ScheduleError("A schedule has six fields, or seven with the year")
    second, minute, hour, day, month, weekday = fields[:6]
    return Schedule(
        _sorted(SECOND, second),
        _sorted(MINUTE, minute),
        _sorted(HOUR, hour),
        _day_rules(day, weekday),
        _sorted(MONTH, month),
        _sorted(YEAR, fields[6] if len(fields) > 6 else "*"),
    )


def _sorted(field: Field, text: str) -> tuple[int, ...]:
    return tuple(sorted(values(field, text)))


def _day_rules(day: str, weekday: str) -> tuple[DayRule, ...]:
    """By the day of the month or of the week: Quartz leaves one of them open, always."""
    if (day == ANY) == (weekday == ANY):
        raise ScheduleError("One of day of month and day of week is ?, the other is not")
    return week_days(weekday) if day == ANY else month_days(day)
