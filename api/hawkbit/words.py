"""hawkBit's words for where an action stands, for what urges it and for what was said of it.

Source: the seed, Action and Action status; hawkBit, `Action.Status`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, Q, Value, When

from deployments.derived import Derived
from deployments.models import Deployment, DeviceDeployment, StatusEvent, is_cut_off
from deployments.standing import goes_on, has_opened, waits_for_confirmation
from deployments.states import State


class Detail(StrEnum):
    """How an action stands, and what an entry of its history is."""

    FINISHED = "finished"
    ERROR = "error"
    WARNING = "warning"
    RUNNING = "running"
    CANCELED = "canceled"
    CANCELING = "canceling"
    RETRIEVED = "retrieved"
    DOWNLOAD = "download"
    SCHEDULED = "scheduled"
    CANCEL_REJECTED = "cancel_rejected"
    DOWNLOADED = "downloaded"
    WAIT_FOR_CONFIRMATION = "wait_for_confirmation"


D = Detail
Kind = StatusEvent.Kind
ACTIVE = frozenset(
    {D.RUNNING, D.RETRIEVED, D.DOWNLOAD, D.CANCELING, D.WAIT_FOR_CONFIRMATION, D.WARNING}
)
CANCEL = frozenset({D.CANCELING, D.CANCELED})
PENDING, FINISHED = "pending", "finished"

# What ended without the device having a say; where nothing fitted it as well.
_OVER_ITS_HEAD = [State.NO_ARTIFACT, State.ABORTED, State.DECOMMISSIONED]
_OF_STATE: dict[State, Detail] = {
    State.PENDING: D.RUNNING,
    State.DOWNLOADING: D.DOWNLOAD,
    State.SUCCESS: D.FINISHED,
    State.ALREADY_INSTALLED: D.FINISHED,
    State.FAILURE: D.ERROR,
    State.DOWNLOADED: D.DOWNLOADED,
    **dict.fromkeys(_OVER_ITS_HEAD, D.CANCELED),
}
_OF_KIND: dict[str, Detail] = {
    Kind.ASSIGNED: D.RUNNING,
    Kind.RETRIEVED: D.RETRIEVED,
    Kind.RUNNING: D.RUNNING,
    Kind.DOWNLOADED: D.DOWNLOADED,
    Kind.WARNING: D.WARNING,
    Kind.WAITING_FOR_CONFIRMATION: D.WAIT_FOR_CONFIRMATION,
    Kind.CANCELING: D.CANCELING,
    Kind.CANCEL_REJECTED: D.CANCEL_REJECTED,
}


def _going(**facts: Any) -> Q:
    """Of rows that are open and not canceling."""
    return Q(
        goes_on(),
        is_open=True,
        deployment__finished_at__isnull=True,
        cancel_requested_at__isnull=True,
        **facts,
    )


def _cut_off() -> Q:
    """Of rows that are over, and have yet to be ended."""
    return Q(is_open=True, deployment__finished_at__isnull=False) | is_cut_off()


def _is_running() -> Q:
    told = _going(admitted_at__isnull=False) & ~Q(state__in=[State.PENDING, State.DOWNLOADING])
    untold = _going(admitted_at__isnull=True) & has_opened() & ~waits_for_confirmation()
    return told | untold


# No two of these hold at once, and for each row one does.
_CONDITIONS: dict[Detail, Callable[[], Q]] = {
    D.FINISHED: lambda: Q(state__in=[State.SUCCESS, State.ALREADY_INSTALLED]),
    D.ERROR: lambda: Q(state=State.FAILURE),
    D.DOWNLOADED: lambda: Q(state=State.DOWNLOADED),
    D.CANCELED: lambda: Q(state__in=_OVER_ITS_HEAD) | _cut_off(),
    D.CANCELING: lambda: Q(
        goes_on(),
        is_open=True,
        deployment__finished_at__isnull=True,
        cancel_requested_at__isnull=False,
    ),
    D.SCHEDULED: lambda: _going() & ~has_opened(),
    D.WAIT_FOR_CONFIRMATION: lambda: _going() & has_opened() & waits_for_confirmation(),
    D.RETRIEVED: lambda: _going(state=State.PENDING, admitted_at__isnull=False),
    D.DOWNLOAD: lambda: _going(state=State.DOWNLOADING, admitted_at__isnull=False),
    D.RUNNING: _is_running,
}
# What `q` may ask for, whether or not an action can stand so.
DETAILS: tuple[str, ...] = tuple(Detail)


def has_detail(word: str) -> Q:
    """What is so of the rows that stand so, by the word in lower case."""
    condition = _CONDITIONS.get(Detail(word))
    return Q(number__in=[]) if condition is None else condition()


def _detail() -> Case:
    text = CharField()
    cases = (
        When(condition(), then=Value(detail.value, text))
        for detail, condition in _CONDITIONS.items()
    )
    return Case(*cases, default=Value(D.RUNNING.value, text), output_field=text)


# Of querysets of rows: one of Detail.
DETAIL = Derived(_detail)


def detail_of(row: DeviceDeployment) -> Detail:
    """How the action stands now: annotated as `detail`, or else asked for."""
    known = row.__dict__.get("detail")
    if known is None:
        asked = DeviceDeployment.objects.filter(number=row.number)
        known = asked.values_list(DETAIL, flat=True).get()
    return Detail(known)


def status_of(detail: Detail) -> str:
    return PENDING if detail in ACTIVE else FINISHED


def type_of(detail: Detail) -> str:
    return "cancel" if detail in CANCEL else "update"


def force_type_of(row: DeviceDeployment) -> str:
    """How urgent it is for this device: somebody may have forced what was not."""
    if row.is_forced and row.deployment.action_type != Deployment.ActionType.TIMEFORCED:
        return Deployment.ActionType.FORCED.value
    return row.deployment.action_type


def status_type_of(event: StatusEvent) -> Detail:
    """What the entry of the history is."""
    if event.kind:
        return _OF_KIND[event.kind]
    return _OF_STATE.get(State(event.state), D.RUNNING)
