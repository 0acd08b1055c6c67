"""What needs somebody: worst first, each with the one thing to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from artifacts.quotas import storage_usage
from deployments.progress import Progress
from deployments.states import Status
from fleet.models import Organization
from fleet.monitoring import count_in_alarm
from fleet.numbers import Figures

FULL = 0.8
NUMERALS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True, slots=True)
class Paused:
    """A rollout that goes on when somebody says so."""

    progress: Progress
    kind: str = "paused"


@dataclass(frozen=True, slots=True)
class Approving:
    """A rollout that begins when somebody approves it."""

    progress: Progress
    kind: str = "approving"


@dataclass(frozen=True, slots=True)
class Failing:
    """A rollout under way in which devices have failed."""

    progress: Progress
    kind: str = "failing"


@dataclass(frozen=True, slots=True)
class Alarming:
    """Devices of which a monitor says that something is critical."""

    count: int
    kind: str = "alarming"


@dataclass(frozen=True, slots=True)
class Asking:
    """Devices that ask to be admitted, the first since `since`."""

    count: int
    since: datetime | None
    kind: str = "asking"


@dataclass(frozen=True, slots=True)
class Filling:
    """A limit that is nearly reached: "storage" in bytes or "devices"."""

    what: str
    used: int
    limit: int
    kind: str = "filling"


Need = Paused | Approving | Failing | Alarming | Asking | Filling


def needs_of(
    organization: Organization, rollouts: Sequence[Progress], figures: Figures
) -> list[Need]:
    """Everything that waits for a person in this organization.

    `rollouts` are those that are paused, wait for approval, or in which devices failed, as they
    are listed.
    """
    paused = [each for each in rollouts if each.status == Status.PAUSED]
    waiting = [each for each in rollouts if each.waits_for_approval and each not in paused]
    return [
        *map(Paused, paused),
        *(Failing(each) for each in rollouts if each not in paused and each not in waiting),
        *map(Approving, waiting),
        *_of_fleet(organization, figures),
        *_of_storage(organization),
    ]


def _of_fleet(organization: Organization, figures: Figures) -> Iterator[Need]:
    if loud := count_in_alarm(organization):
        yield Alarming(loud)
    if figures.pending:
        yield Asking(figures.pending, figures.first_pending_at)
    limit = organization.device_limit
    if limit is not None and figures.accepted >= limit * FULL:
        yield Filling("devices", figures.accepted, limit)


def _of_storage(organization: Organization) -> Iterator[Need]:
    limit = organization.storage_limit
    if limit is not None and (used := storage_usage(organization)) >= limit * FULL:
        yield Filling("storage", used, limit)


def headline(needs: Sequence[Need], figures: Figures) -> str:
    """The one sentence that says what matters."""
    paused = sum(isinstance(need, Paused) for need in needs)
    failing = 0 if paused else sum(isinstance(need, Failing) for need in needs)
    rest = len(needs) - paused - failing
    if paused or failing:
        said = f"{_counted(failing, 'rollout has', 'rollouts have')} failures."
        if paused:
            said = f"{_counted(paused, 'rollout is', 'rollouts are')} paused."
        return said + (
            f" {_counted(rest, 'more thing waits', 'more things wait')} for you." * bool(rest)
        )
    if rest:
        return f"{_counted(rest, 'thing waits', 'things wait')} for you."
    seen = f"{figures.seen_last_hour:,} of {figures.accepted:,} devices seen in the last hour."
    return f"Nothing needs you. {seen}"


def _counted(count: int, one: str, many: str) -> str:
    number = NUMERALS[count] if count < len(NUMERALS) else f"{count:,}"
    return f"{number} {one if count == 1 else many}"
