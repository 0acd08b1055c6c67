"""Which days of a month a Quartz schedule means: last, nearest weekday, second Friday."""

import calendar
import re
from collections.abc import Callable
from typing import NamedTuple

from deployments.quartz_fields import Field, values

WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
DAY = Field("day of month", 1, 31)
WEEKDAY = Field("day of week", 1, 7, WEEKDAYS)
SATURDAY, SUNDAY = 7, 1
_FROM_THE_END = re.compile(r"L(?:-(\d{1,2}))?(W)?", re.ASCII)
_NEAREST = re.compile(r"(\d{1,2})W", re.ASCII)
_LAST = re.compile(r"(.+)L")
_NTH = re.compile(r"(.+)#([1-5])")


class Month(NamedTuple):
    """How many days it has, and the day of the week (Sunday is 1) of the first."""

    length: int
    begins_on: int

    @classmethod
    def of(cls, year: int, month: int) -> "Month":
        first, length = calendar.monthrange(year, month)
        return cls(length, (first + 1) % 7 + 1)

    def weekday(self, day: int) -> int:
        return (self.begins_on + day - 2) % 7 + 1

    def having(self, day: int) -> set[int]:
        return {day} if 1 <= day <= self.length else set()


DayRule = Callable[[Month], set[int]]


def month_days(text: str) -> tuple[DayRule, ...]:
    """Read the field of the day of the month. Raises ScheduleError."""
    return tuple(_month_day(item.upper()) for item in text.split(","))


def week_days(text: str) -> tuple[DayRule, ...]:
    """Read the field of the day of the week. Raises ScheduleError."""
    return tuple(_week_day(item.upper()) for item in text.split(","))


def _month_day(item: str) -> DayRule:
    if match := _FROM_THE_END.fullmatch(item):
        before = int(match[1] or 0)
        if before >= DAY.most:
            raise DAY.wrong(item)
        return (
            _working(before=before)
            if match[2]
            else lambda month: month.having(month.length - before)
        )
    if match := _NEAREST.fullmatch(item):
        return _working(day=DAY.number(match[1]))
    days = values(DAY, item)
    return lambda month: {day for day in days if day <= month.length}


def _working(*, day: int = 0, before: int = 0) -> DayRule:
    """The day from Monday to Friday nearest to a day, in the same month."""

    def rule(month: Month) -> set[int]:
        wanted = day or month.length - before
        return {_nearest_working(month, each) for each in month.having(wanted)}

    return rule


def _nearest_working(month: Month, day: int) -> int:
    if month.weekday(day) == SATURDAY:
        return day - 1 if day > 1 else day + 2
    if month.weekday(day) == SUNDAY:
        return day + 1 if day < month.length else day - 2
    return day


def _week_day(item: str) -> DayRule:
    if item == "L":
        return _on({SATURDAY})
    if match := _LAST.fullmatch(item):
        last = WEEKDAY.number(match[1])
        return lambda month: {max(_on({last})(month))}
    if match := _NTH.fullmatch(item):
        weekday, nth = WEEKDAY.number(match[1]), int(match[2])
        return lambda month: set(sorted(_on({weekday})(month))[nth - 1 : nth])
    return _on(values(WEEKDAY, item))


def _on(weekdays: set[int]) -> DayRule:
    return lambda month: {
        day for day in range(1, month.length + 1) if month.weekday(day) in weekdays
    }
