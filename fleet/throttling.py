"""How much one caller may ask for; whoever asks for more is told when to come back.

Callers are counted in the memory of each web process, the least recent ones forgotten: limits
hold for one process. They are requests a minute, which may all come at once; 0 is no limit.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil

from django.conf import settings

from fleet.errors import DomainError

MINUTE = 60.0
CALLERS = 65_536
EMAIL_LENGTH = 254


class TooMany(DomainError):
    """One caller asks too often; `seconds` (whole, at least 1) from now there is room again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too_many_requests", f"too many requests, try again in {seconds} s")
        self.seconds = seconds


class Buckets:
    """A bucket of tokens for each caller: full at first, refilled evenly within a minute.

    The clock gives seconds that never go back. Of more than `size` callers the least recent
    start anew.
    """

    def __init__(self, *, size: int = CALLERS, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: Hashable, per_minute: int) -> None:
        """Take one token of the caller; raises TooMany if there is none left."""
        if per_minute <= 0:
            return
        with self._lock:
            now = self._clock()
            tokens, at = self._buckets.pop(caller, (per_minute, now))
            tokens = min(float(per_minute), tokens + (now - at) * per_minute / MINUTE)
            has_room = tokens >= 1
            self._buckets[caller] = (tokens - 1 if has_room else tokens, now)
            if len(self._buckets) > self._size:
                self._buckets.popitem(last=False)
        if not has_room:
            raise TooMany(max(1, ceil((1 - tokens) * MINUTE / per_minute)))

    def forget(self) -> None:
        with self._lock:
            self._buckets.clear()

    def __len__(self) -> int:
        return len(self._buckets)


_users, _devices, _newcomers, _sign_ins = (Buckets() for _ in range(4))


def throttle_user(user_id: str) -> None:
    """Count a call of a person or their script; raises TooMany."""
    _users.take(user_id, settings.USER_RATE)


def throttle_device(credential: Hashable) -> None:
    """Count a call of a device, known by what its credential says; raises TooMany."""
    _devices.take(credential, settings.DEVICE_RATE)


def throttle_newcomer(claim: Hashable) -> None:
    """Count a device that asks to be let in, known by its claim; raises TooMany."""
    _newcomers.take(claim, settings.DEVICE_RATE)


def throttle_sign_in(email: str, address: str) -> None:
    """Count an attempt to sign in, whether it will succeed or not; raises TooMany."""
    _sign_ins.take((email[:EMAIL_LENGTH].casefold(), address), settings.SIGN_IN_RATE)


def forget() -> None:
    """Begin anew with everyone."""
    for buckets in (_users, _devices, _newcomers, _sign_ins):
        buckets.forget()
