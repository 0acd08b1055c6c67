"""What has become of each device's part, and of the whole, in the words that jobs are told in.

Derived from the rows, the deployment and the clock when it is read, and the same whoever reads:
Carbon Black, Digi and NPM each have their own words for these. The expressions are for querysets.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    TextChoices,
    Value,
    When,
)
from django.utils import timezone

from deployments.derived import Derived
from deployments.models import OVERTIME, Deployment, DeviceDeployment, Phase, is_running
from deployments.states import BEGUN, Cause, State


class Outcome(TextChoices):
    """A device's part: the first three are open, the others final."""

    WAITING = "waiting"
    # It has been told, and has yet to say anything.
    STARTING = "starting"
    ACTIVE = "active"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    NOTHING_FITS = "nothing_fits"
    NOT_REQUESTED = "not_requested"
    STOPPED = "stopped"
    EXPIRED = "expired"
    REMOVED = "removed"


RUNNING = frozenset({Outcome.STARTING, Outcome.ACTIVE})
FAILURES = frozenset(
    {
        Outcome.FAILED,
        Outcome.NOTHING_FITS,
        Outcome.NOT_REQUESTED,
        Outcome.STOPPED,
        Outcome.EXPIRED,
        Outcome.REMOVED,
    }
)
_OF_FINAL: dict[State, Outcome] = {
    State.SUCCESS: Outcome.SUCCESSFUL,
    State.DOWNLOADED: Outcome.SUCCESSFUL,
    State.ALREADY_INSTALLED: Outcome.SUCCESSFUL,
    State.FAILURE: Outcome.FAILED,
    State.NO_ARTIFACT: Outcome.NOTHING_FITS,
    State.ABORTED: Outcome.STOPPED,
    State.DECOMMISSIONED: Outcome.REMOVED,
}


_OF_CAUSE: dict[str, Outcome] = {
    Cause.EXPIRED: Outcome.EXPIRED,
    Cause.NOT_REQUESTED: Outcome.NOT_REQUESTED,
}


class Facts(NamedTuple):
    """What of a row says how it stands, beside its deployment and the clock."""

    state: str
    is_open: bool
    is_instructed: bool
    cause: str


def outcome_of(facts: Facts, deployment: Deployment, now: datetime) -> Outcome:
    """The outcome of a row of the deployment now."""
    if not facts.is_open:
        return _OF_CAUSE.get(facts.cause) or _OF_FINAL[State(facts.state)]
    return _cut_off(facts, deployment, now) or _of_open(facts)


def _cut_off(facts: Facts, deployment: Deployment, now: datetime) -> Outcome | None:
    """What is so of an open row that is over; None if it is not."""
    if deployment.aborted_at is not None:
        return Outcome.STOPPED
    if deployment.lets_nobody_go_on(now):
        return Outcome.EXPIRED
    if facts.is_instructed or not deployment.lets_nobody_begin(now):
        return None
    # Whichever came first.
    ends, stopped_at = deployment.expires_at, deployment.stopped_at
    is_late = ends is not None and ends <= min(now, stopped_at or now)
    return Outcome.EXPIRED if is_late else Outcome.STOPPED


def _of_open(facts: Facts) -> Outcome:
    if facts.state in BEGUN:
        return Outcome.ACTIVE
    return Outcome.STARTING if facts.is_instructed else Outcome.WAITING


def _outcome() -> Case:
    now, text = timezone.now(), CharField()
    expired = Q(deployment__expires_at__lte=now) & (
        Q(deployment__stopped_at__isnull=True)
        | Q(deployment__stopped_at__gte=F("deployment__expires_at"))
    )
    nobody_begins = Q(deployment__stop="graceful") | Q(deployment__expires_at__lte=now)
    rules: list[tuple[Q, Outcome]] = [
        *((Q(is_open=False, cause=cause), outcome) for cause, outcome in _OF_CAUSE.items()),
        *((Q(is_open=False, state=state), outcome) for state, outcome in _OF_FINAL.items()),
        (Q(deployment__aborted_at__isnull=False), Outcome.STOPPED),
        (Q(deployment__expires_at__lte=now - OVERTIME), Outcome.EXPIRED),
        (Q(expired, is_instructed=False), Outcome.EXPIRED),
        (Q(nobody_begins, is_instructed=False), Outcome.STOPPED),
        (Q(state__in=sorted(BEGUN)), Outcome.ACTIVE),
        (Q(is_instructed=True), Outcome.STARTING),
    ]
    cases = [When(rule, then=Value(outcome.value, text)) for rule, outcome in rules]
    return Case(*cases, default=Value(Outcome.WAITING.value, text), output_field=text)


# The Outcome of a row of a deployment.
OUTCOME = Derived(_outcome)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many devices of a deployment stand where."""

    counts: Mapping[Outcome, int] = field(default_factory=dict)

    def of(self, outcomes: Iterable[Outcome]) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)

    @property
    def targeted(self) -> int:
        return sum(self.counts.values())

    @property
    def pending(self) -> int:
        return self.counts.get(Outcome.WAITING, 0)

    @property
    def running(self) -> int:
        return self.of(RUNNING)

    @property
    def successful(self) -> int:
        return self.counts.get(Outcome.SUCCESSFUL, 0)

    @property
    def failed(self) -> int:
        return self.of(FAILURES)


def tallies(deployments: Iterable[Deployment], now: datetime | None = None) -> dict[int, Tally]:
    """The tally of each by its number: one query however many there are."""
    by_number = {each.number: each for each in deployments}
    now = now or timezone.now()
    found: dict[int, dict[Outcome, int]] = {number: {} for number in by_number}
    rows = DeviceDeployment.objects.filter(deployment__in=by_number).order_by()
    grouped = rows.values_list("deployment", *Facts._fields).annotate(devices=Count("*"))
    for number, *facts, devices in grouped:
        outcome = outcome_of(Facts(*facts), by_number[number], now)
        found[number][outcome] = found[number].get(outcome, 0) + devices
    return {number: Tally(counts) for number, counts in found.items()}


class Course(TextChoices):
    """How far a whole deployment is, as jobs tell it."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    CANCELED = "canceled"
    COMPLETED = "completed"


def _has_opened() -> Q:
    opened = Phase.objects.filter(deployment=OuterRef("number"), starts_at__lte=timezone.now())
    return Q(Exists(opened))


# The first that is so.
_COURSES: dict[Course, Callable[[], Q]] = {
    Course.CANCELED: lambda: ~Q(stop="") | Q(aborted_at__isnull=False),
    Course.COMPLETED: lambda: ~is_running(),
    Course.IN_PROGRESS: _has_opened,
}


def _course() -> Case:
    text = CharField()
    cases = [When(rule(), then=Value(course.value, text)) for course, rule in _COURSES.items()]
    return Case(*cases, default=Value(Course.NEW.value, text), output_field=text)


# The Course of a deployment.
COURSE = Derived(_course)
