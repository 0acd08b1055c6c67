"""What a simulated fleet is doing, counted."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """`phases` counts devices by what they are at now, `events` what has happened so far."""

    phases: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)

    def move(self, before: str, after: str) -> None:
        if before:
            self.phases[before] -= 1
        self.phases[after] += 1

    def as_dict(self) -> dict[str, dict[str, int]]:
        return {"devices": dict(+self.phases), "events": dict(self.events)}
