"""How many devices of rollouts, and of their groups, stand where: hawkBit's six sums.

Of what was planned otherwise as well, whose phases are its groups; who waits there is counted where
there is room, as its page does. The sums of all groups, and of the six, are its devices.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from deployments.models import Deployment, Phase
from deployments.progress import PhaseProgress, Progress, progress_of
from deployments.rollouts.states import GroupState
from deployments.states import OPEN, State

FINISHED = (State.SUCCESS, State.ALREADY_INSTALLED, State.DOWNLOADED)
CANCELLED = (State.ABORTED, State.NO_ARTIFACT, State.DECOMMISSIONED)


@dataclass(frozen=True, slots=True)
class Totals:
    """Devices by what became of their part; "not started" is a rollout that has yet to begin."""

    scheduled: int = 0
    running: int = 0
    error: int = 0
    finished: int = 0
    cancelled: int = 0
    notstarted: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(*(mine + its for mine, its in zip(self.all(), other.all(), strict=True)))

    def all(self) -> tuple[int, ...]:
        return (
            self.scheduled,
            self.running,
            self.error,
            self.finished,
            self.cancelled,
            self.notstarted,
        )

    @property
    def devices(self) -> int:
        return sum(self.all())


@dataclass(frozen=True, slots=True)
class GroupTotals:
    phase: Phase
    state: GroupState
    totals: Totals


@dataclass(frozen=True, slots=True)
class RolloutTotals:
    deployment: Deployment
    groups: tuple[GroupTotals, ...]

    @property
    def totals(self) -> Totals:
        return sum((group.totals for group in self.groups), Totals())


def totals_of(deployments: Iterable[Deployment]) -> list[RolloutTotals]:
    """The totals of each, in the order given, in a fixed number of queries."""
    return [_totals(progress) for progress in progress_of(deployments)]


def _totals(progress: Progress) -> RolloutTotals:
    begun = _has_begun(progress)
    # Taken out before they were let in: they belong where there would have been room.
    apart = sum(progress.by_phase.get(None, {}).get(state, 0) for state in CANCELLED)
    phases, groups = progress.phases, []
    for each in phases:
        room = max(each.size - sum(each.counts.values()), 0)
        here = apart if each is phases[-1] else min(apart, room)
        groups.append(_group(progress, each, begun=begun, apart=here))
        apart -= here
    return RolloutTotals(progress.deployment, tuple(groups))


def _has_begun(progress: Progress) -> bool:
    if progress.deployment.finished_at is not None:
        return True
    return any(each.phase.has_opened(progress.now) for each in progress.phases)


def _group(progress: Progress, each: PhaseProgress, *, begun: bool, apart: int) -> GroupTotals:
    has_opened = each.phase.has_opened(progress.now)
    counted = each.counts
    waiting = sum(counted.get(state, 0) for state in OPEN)
    totals = Totals(
        scheduled=waiting if begun and not has_opened else 0,
        running=waiting if has_opened else 0,
        error=counted.get(State.FAILURE, 0),
        finished=sum(counted.get(state, 0) for state in FINISHED),
        cancelled=apart + sum(counted.get(state, 0) for state in CANCELLED),
        notstarted=0 if begun else waiting,
    )
    return GroupTotals(each.phase, _state(progress, each, begun=begun), totals)


def _state(progress: Progress, each: PhaseProgress, *, begun: bool) -> GroupState:
    if each.phase.failed_at is not None:
        return GroupState.ERROR
    if progress.deployment.finished_at is not None:
        return GroupState.FINISHED
    if not each.phase.has_opened(progress.now):
        return GroupState.SCHEDULED if begun else GroupState.READY
    return GroupState.FINISHED if _is_done(progress.deployment, each) else GroupState.RUNNING


def _is_done(deployment: Deployment, each: PhaseProgress) -> bool:
    if any(each.counts.get(state) for state in OPEN):
        return False
    if not each.phase.is_for_newcomers or not deployment.newcomers:
        return each.phase.quota is not None or not deployment.is_dynamic
    return (each.phase.size or 0) >= int(deployment.newcomers["target_count"])
