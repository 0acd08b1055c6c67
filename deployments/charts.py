"""Numbers to geometry: where the pieces of a bar begin and how wide they are. No markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deployments.states import BEGUN, State

# The parts of a progress bar, in the order that never changes. States that are in none of them
# (nothing fits, aborted, decommissioned) leave the bar and are named beside it.
KINDS: dict[str, frozenset[State]] = {
    "ok": frozenset({State.SUCCESS, State.ALREADY_INSTALLED, State.DOWNLOADED}),
    "run": BEGUN,
    "fail": frozenset({State.FAILURE}),
    "wait": frozenset({State.PENDING}),
}
WORDS = {"ok": "installed", "run": "in progress", "fail": "failed", "wait": "waiting"}
# Small parts keep a visible width, in percent; the number beside the bar is exact.
LEAST_PIECE = 0.7
LEAST_PIECE_OF_PHASE = 3.0
LEAST_PHASE = 7.0


@dataclass(frozen=True, slots=True)
class Part:
    """How many are in one part of a whole."""

    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of a bar; `x` and `width` as SVG takes them, `css` the class that fills it."""

    kind: str
    x: str
    width: str
    css: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A bar: its pieces, the gates between phases, its numbers, and all of it in words."""

    pieces: tuple[Piece, ...]
    parts: tuple[Part, ...]
    label: str
    gates: tuple[str, ...] = ()


def parts(counts: Mapping[State, int]) -> tuple[Part, ...]:
    """The parts of a progress bar that are not empty, in their order."""
    sums = ((kind, sum(counts.get(s, 0) for s in states)) for kind, states in KINDS.items())
    return tuple(Part(kind, count) for kind, count in sums if count)


def bar(counted: Sequence[Part], *, css: str = "bar__") -> Drawing:
    """One bar over all parts."""
    total = sum(part.count for part in counted)
    label = f"{_said(counted)} of {total:,}" if total else "nobody"
    return Drawing(tuple(_pieces(counted, css=css)), tuple(counted), label)


def phasebar(phases: Sequence[Sequence[Part]]) -> Drawing:
    """A bar with a gate at the end of each phase, whose width is to scale but never tiny."""
    totals = [sum(part.count for part in counted) for counted in phases]
    shares = _widths(totals, 100.0, LEAST_PHASE) if sum(totals) else []
    pieces: list[Piece] = []
    gates: list[str] = []
    left = 0.0
    for counted, width in zip(phases, shares, strict=False):
        pieces += _pieces(counted, start=left, width=width, least=LEAST_PIECE_OF_PHASE)
        left += width
        gates.append(_percent(left))
    said = (f"phase {n}: {_said(counted) or 'nobody'}" for n, counted in enumerate(phases, 1))
    return Drawing(tuple(pieces), _summed(phases), "; ".join(said), tuple(gates[:-1]))


def _summed(phases: Sequence[Sequence[Part]]) -> tuple[Part, ...]:
    counts = {
        kind: sum(p.count for counted in phases for p in counted if p.kind == kind)
        for kind in KINDS
    }
    return tuple(Part(kind, count) for kind, count in counts.items() if count)


def _pieces(
    counted: Sequence[Part],
    *,
    start: float = 0.0,
    width: float = 100.0,
    least: float = LEAST_PIECE,
    css: str = "bar__",
) -> list[Piece]:
    shown = [part for part in counted if part.count]
    widths = _widths([part.count for part in shown], width, least * width / 100)
    pieces = []
    for part, wide in zip(shown, widths, strict=True):
        pieces.append(Piece(part.kind, _percent(start), _percent(wide), f"{css}{part.kind}"))
        start += wide
    return pieces


def _widths(counts: Sequence[int], width: float, least: float) -> list[float]:
    """Widths to scale that sum to `width`, each at least `least`; the widest gives way."""
    total = sum(counts)
    if not total:
        return []
    least = min(least, width / len(counts))
    widths = [max(count / total * width, least) for count in counts]
    excess = sum(widths) - width
    room = sum(wide - least for wide in widths)
    return [wide - excess * (wide - least) / room if room else wide for wide in widths]


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def _said(counted: Sequence[Part]) -> str:
    return ", ".join(f"{part.count:,} {WORDS.get(part.kind, '')}".strip() for part in counted)
