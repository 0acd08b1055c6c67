"""When to try again: one table of pauses, `SLIPWAY_WEBHOOK_RETRIES`."""

import random
from datetime import datetime, timedelta

from django.conf import settings

# A pause is never shorter than the table says, and at most by this share longer.
JITTER = 0.1


def next_try(failures: int, *, after: datetime) -> datetime | None:
    """When to try after so many failures in a row; None once the table is used up."""
    pauses: list[float] = settings.WEBHOOK_RETRIES
    return None if failures > len(pauses) else after + _pause(pauses[failures - 1])


def last_pause(*, after: datetime) -> datetime:
    """The longest pause, for what outlasts the table."""
    return after + _pause(max(settings.WEBHOOK_RETRIES, default=0.0))


def _pause(seconds: float) -> timedelta:
    return timedelta(seconds=seconds * random.uniform(1, 1 + JITTER))  # noqa: S311
