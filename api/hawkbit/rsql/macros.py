"""What stands for a value that the server knows: `${NOW_TS}` and `${OVERDUE_TS}`.

`$${NOW_TS}` is the text itself, and so is what nobody knows. Source: hawkBit, RSQL placeholders.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_MACRO = re.compile(r"(\$?)\$\{([a-z_]+)\}")
_START = datetime(1970, 1, 1, tzinfo=UTC)
OVERDUE = "overdue_ts"
MOVING = ("${now_ts}", f"${{{OVERDUE}}}")


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, and for how many seconds nothing is to be heard of a device that is overdue."""

    now: datetime
    silence: Callable[[], int]


def written_out(text: str, clock: Clock) -> str:
    """The value, which is in small letters, without macros."""

    def value_of(found: re.Match[str]) -> str:
        escape, name = found.groups()
        if escape:
            return found[0][1:]
        match name:
            case "now_ts":
                return _milliseconds(clock.now)
            case "overdue_ts":
                return _milliseconds(clock.now - timedelta(seconds=clock.silence()))
            case _:
                return found[0]

    return _MACRO.sub(value_of, text)


def _milliseconds(at: datetime) -> str:
    return str((at - _START) // timedelta(milliseconds=1))
