"""Columns of a chart over time: numbers to geometry, no markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deployments.charts import KINDS

# What a column is made of, from below.
STACKED = ("ok", "fail")
GAP = 0.5
LEAST = 1.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of a column, in percent of the chart as SVG takes it."""

    kind: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Stack:
    """One column: what ended in the interval that begins `at`."""

    at: datetime
    installed: int
    failed: int
    x: str
    width: str
    pieces: tuple[Piece, ...]

    @property
    def total(self) -> int:
        return self.installed + self.failed


@dataclass(frozen=True, slots=True)
class Columns:
    """All columns, the last still growing; the sums are of those before it."""

    stacks: tuple[Stack, ...]

    @property
    def now(self) -> Stack:
        return self.stacks[-1]

    @property
    def installed_before(self) -> int:
        return sum(stack.installed for stack in self.stacks[:-1])

    @property
    def total_before(self) -> int:
        return sum(stack.total for stack in self.stacks[:-1])

    @property
    def total(self) -> int:
        return self.total_before + self.now.total


def columns_of(lines: Sequence[Mapping[str, Any]]) -> Columns:
    """Of lines as `trends.ends_of_parts` counts them; who was not reached is in none."""
    counts = [
        {kind: sum(line[state] for state in KINDS[kind]) for kind in STACKED} for line in lines
    ]
    highest = max((sum(each.values()) for each in counts), default=0) or 1
    pitch = 100 / max(len(lines), 1)
    return Columns(
        tuple(
            Stack(
                at=line["at"],
                installed=count["ok"],
                failed=count["fail"],
                x=f"{pitch * (place + GAP / 2):.2f}",
                width=f"{pitch * (1 - GAP):.2f}",
                pieces=_pieces(count, highest),
            )
            for place, (line, count) in enumerate(zip(lines, counts, strict=True))
        )
    )


def _pieces(count: Mapping[str, int], highest: int) -> tuple[Piece, ...]:
    """From below; even a single one is to be seen."""
    pieces, top = [], 100.0
    for kind in STACKED:
        if count[kind]:
            height = max(count[kind] / highest * 100, LEAST)
            top = max(top - height, 0)
            pieces.append(Piece(kind, f"{top:.2f}", f"{height:.2f}"))
    return tuple(pieces)
