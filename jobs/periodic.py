"""Work that comes round: apps register it, the scheduler calls it, nothing depends on it."""

from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Periodic:
    name: str
    seconds: float
    work: Work


PERIODIC: dict[str, Periodic] = {}


def every(*, seconds: float, name: str) -> Callable[[Work], Work]:
    """Register work to do every so many seconds, as "<app>.<verb>".

    It may be late, skipped or done by two workers at once.
    """

    def register(work: Work) -> Work:
        PERIODIC[name] = Periodic(name, seconds, work)
        return work

    return register
