"""A reason as it is stated: whether it stands in the way, for how long, and in which words."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is so (`passed`) or stands in the way.

    What `blocks` stays in the way until somebody acts; what does not passes with time, at
    `until` where that is known.
    """

    code: str
    passed: bool
    text: str
    blocks: bool = False
    until: datetime | None = None


def blocked(code: str, text: str) -> Reason:
    return Reason(code, passed=False, text=text, blocks=True)


def waits(code: str, text: str, until: datetime | None = None) -> Reason:
    return Reason(code, passed=False, text=text, until=until)


def fine(code: str, text: str) -> Reason:
    return Reason(code, passed=True, text=text)


def said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
