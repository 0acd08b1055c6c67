"""How far deployments are, as their pages show it: in all, and phase by phase."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.utils import timezone

from deployments import charts
from deployments.charts import Drawing, Part
from deployments.filter_words import terms_in_words
from deployments.models import Deployment, Phase
from deployments.rollouts.judging import Step, decide
from deployments.states import BEGUN, OPEN, State, Status
from deployments.statistics import Counts, counts_of_all, free_places, status_of
from deployments.windows import Window, from_kept

# What leaves the bar and is named beside it.
APART = (State.NO_ARTIFACT, State.ABORTED, State.DECOMMISSIONED)


@dataclass(frozen=True, slots=True)
class PhaseProgress:
    """One phase: for how many it is, who is in it, and whether it is open.

    A group of a rollout opens when the one before has reached its threshold, not by the clock:
    `is_group`; `failed_at` is when too many in it had failed.
    """

    phase: Phase
    position: int
    size: int
    starts_at: datetime | None
    counts: Counts
    parts: tuple[Part, ...]
    is_open: bool
    is_done: bool

    @property
    def is_group(self) -> bool:
        return self.phase.size is not None

    @property
    def has_failed(self) -> bool:
        return self.phase.failed_at is not None

    @property
    def waiting(self) -> int:
        return sum(part.count for part in self.parts if part.kind == "wait")

    @property
    def label(self) -> str:
        """What its group is called, or which phase it is."""
        return self.phase.name or f"Phase {self.position}"

    @property
    def bar(self) -> Drawing:
        return charts.bar(self.parts)


@dataclass(frozen=True)
class Progress:
    """One deployment with its counts at one moment."""

    deployment: Deployment
    counts: Counts
    by_phase: Mapping[int | None, Counts]
    now: datetime = field(default_factory=timezone.now)

    @cached_property
    def status(self) -> Status:
        return status_of(self.deployment, self.counts, now=self.now)

    @property
    def status_word(self) -> str:
        """The word for its status; an end says how many failed."""
        word = str(self.status.label)
        has_failures = self.status == Status.FINISHED and self.failed
        return f"{word}, {self.failed:,} failed" if has_failures else word

    @property
    def is_active(self) -> bool:
        return self.deployment.finished_at is None and self.is_open

    @property
    def is_open(self) -> bool:
        is_dynamic = self.deployment.is_dynamic or self.deployment.newcomers is not None
        return is_dynamic or any(self.counts.get(state) for state in OPEN)

    @property
    def total(self) -> int:
        """For how many it is; without a limit, how many have come so far."""
        places = self.deployment.places
        return sum(self.counts.values()) if places is None else places

    @property
    def is_open_ended(self) -> bool:
        """Whether anybody who matches may come, however many that are."""
        return self.deployment.places is None

    @property
    def free(self) -> int:
        """The places of a dynamic one that nobody has taken: they wait, but have no row."""
        return free_places(self.deployment)

    @property
    def listed(self) -> int:
        """How many devices are in it."""
        return sum(self.counts.values()) - self.free

    @property
    def waiting_here(self) -> int:
        return self.waiting - self.free

    @property
    def terms(self) -> list[str]:
        return terms_in_words(self.deployment.filter)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return charts.parts(self.counts)

    @property
    def bar(self) -> Drawing:
        return charts.bar(self.parts)

    @property
    def phasebar(self) -> Drawing:
        return charts.phasebar([phase.parts for phase in self.phases])

    @property
    def installed(self) -> int:
        return self._kind("ok")

    @property
    def begun(self) -> int:
        return self._kind("run")

    @property
    def failed(self) -> int:
        return self._kind("fail")

    @property
    def waiting(self) -> int:
        return self._kind("wait")

    def _kind(self, kind: str) -> int:
        return next((part.count for part in self.parts if part.kind == kind), 0)

    @property
    def ended(self) -> int:
        return sum(n for state, n in self.counts.items() if state not in OPEN)

    @property
    def rebooting(self) -> int:
        return self.counts.get(State.REBOOTING, 0) + self.counts.get(
            State.PAUSED_BEFORE_COMMITTING, 0
        )

    @property
    def breaking_off(self) -> int:
        """Who would break off at an abort: begun, and not on its way into the new one."""
        return sum(self.counts.get(state, 0) for state in BEGUN) - self.rebooting

    @property
    def apart(self) -> list[tuple[State, int]]:
        return [(state, self.counts[state]) for state in APART if self.counts.get(state)]

    @cached_property
    def phases(self) -> list[PhaseProgress]:
        """Phase by phase; who waits is counted where there is room, the earliest phase first."""
        waiting = self.by_phase.get(None, {}).get(State.PENDING, 0)
        left, found = self.deployment.size, []
        rows = list(self.deployment.phases.all())
        for phase in rows:
            is_last = phase is rows[-1]
            counted = dict(self.by_phase.get(phase.number, {}))
            inside = sum(counted.values())
            size = self._size(phase, left, inside)
            here = waiting if is_last else min(waiting, max(size - inside, 0))
            counted[State.PENDING] = counted.get(State.PENDING, 0) + here
            waiting, left = waiting - here, max(left - size, 0)
            found.append(self._phase(phase, size, counted))
        return found

    def _size(self, phase: Phase, left: int, inside: int) -> int:
        if phase.size is not None:
            return max(phase.size, inside)
        if phase.quota is not None:
            return phase.quota
        return max(left, inside) if self.deployment.is_dynamic else left

    def _phase(self, phase: Phase, size: int, counted: Counts) -> PhaseProgress:
        is_endless = phase.quota is None and self.deployment.is_dynamic
        has_open = is_endless or any(counted.get(state) for state in OPEN)
        has_begun = phase.has_opened(self.now)
        return PhaseProgress(
            phase=phase,
            position=phase.position + 1,
            size=size,
            starts_at=phase.starts_at,
            counts=counted,
            parts=charts.parts(counted),
            is_open=self.is_active and has_begun and has_open,
            is_done=not self.is_active or (has_begun and not has_open),
        )

    @property
    def waits_for_approval(self) -> bool:
        return self.is_active and self.deployment.approval == Deployment.Approval.WAITING

    @property
    def is_denied(self) -> bool:
        return self.is_active and self.deployment.approval == Deployment.Approval.DENIED

    @property
    def may_be_started(self) -> bool:
        """Whether it is a rollout that begins when somebody, or its time, starts it."""
        is_rollout = self.deployment.origin == Deployment.Origin.ROLLOUT
        is_refused = self.waits_for_approval or self.is_denied
        return is_rollout and self.status == Status.SCHEDULED and not is_refused

    @property
    def may_begin(self) -> int:
        """How many wait who are in no group that has yet to open."""
        return self.waiting - sum(each.waiting for each in self.phases if each.starts_at is None)

    @cached_property
    def resumes_with(self) -> PhaseProgress | None:
        """The group that opens as soon as it is resumed."""
        phases = [each.phase for each in self.phases]
        step, following = decide(self.deployment, phases, self.by_phase, is_resumed=True)
        opening = (each for each in self.phases if each.phase is following)
        return next(opening, None) if step is Step.OPEN else None

    @property
    def resumes_for(self) -> int:
        """How many may begin once it is resumed."""
        return self.may_begin + (self.resumes_with.waiting if self.resumes_with else 0)

    @property
    def next_group(self) -> PhaseProgress | None:
        """The group of a rollout that is opened next: when, is not told by the clock."""
        if not self.is_active or self.deployment.stopped_at:
            return None
        return next((each for each in self.phases if each.starts_at is None), None)

    @property
    def window(self) -> Window | None:
        return from_kept(self.deployment.maintenance_window)

    @property
    def window_opens_at(self) -> datetime | None:
        """When its maintenance window opens next, or opened, if it is open."""
        return None if self.window is None else self.window.next_start(self.now)

    @property
    def next_phase(self) -> PhaseProgress | None:
        """The next phase that will open by the clock."""
        if not self.is_active:
            return None
        return next(
            (each for each in self.phases if each.starts_at and each.starts_at > self.now), None
        )

    @property
    def open_phase(self) -> int:
        """The number of the last phase that has opened, 0 before the first."""
        opened = [
            phase.position
            for phase in self.phases
            if phase.starts_at is not None and phase.starts_at <= self.now
        ]
        return max(opened, default=0)


def progress_of(deployments: Iterable[Deployment]) -> list[Progress]:
    """The progress of each, in the order given: two queries however many there are."""
    listed = list(deployments)
    prefetch_related_objects(listed, "phases")
    counted = _counted(listed)
    return [_progress(deployment, counted[deployment.number]) for deployment in listed]


def _progress(deployment: Deployment, by_phase: dict[int | None, Counts]) -> Progress:
    total: Counts = {}
    for counted in by_phase.values():
        for state, devices in counted.items():
            total[state] = total.get(state, 0) + devices
    return Progress(deployment, total, by_phase)


def _counted(deployments: Sequence[Deployment]) -> dict[int, dict[int | None, Counts]]:
    found = counts_of_all(deployments)
    for deployment in deployments:
        if places := free_places(deployment):
            waiting = found[deployment.number].setdefault(None, {})
            waiting[State.PENDING] = waiting.get(State.PENDING, 0) + places
    return found
