"""The states of rollouts and of their groups, as hawkBit names them.

Derived when they are read, of rollouts and of what was planned otherwise alike: each is shown as
the other. The expression is for querysets of deployments.
"""

from collections.abc import Callable

from django.db.models import Case, CharField, Exists, OuterRef, Q, TextChoices, Value, When
from django.utils import timezone

from deployments.derived import Derived
from deployments.models import Deployment, DeviceDeployment, Phase, has_status
from deployments.states import Status
from fleet.errors import Conflict

_ROLLOUT = Deployment.Origin.ROLLOUT


class RolloutState(TextChoices):
    READY = "ready"
    WAITING_FOR_APPROVAL = "waiting_for_approval"
    APPROVAL_DENIED = "approval_denied"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    DELETED = "deleted"


class GroupState(TextChoices):
    READY = "ready"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    FINISHED = "finished"
    ERROR = "error"


def illegal(message: str) -> Conflict:
    """What to raise where a rollout is in no state for what is asked of it."""
    return Conflict("rollout_illegal_state", message)


def _has_opened() -> Q:
    phases = Phase.objects.filter(deployment=OuterRef("number"), starts_at__lte=timezone.now())
    return Q(Exists(phases))


def _is_leaving() -> Q:
    """Devices have yet to be taken out, or asked to leave."""
    rows = DeviceDeployment.objects.unfinished().filter(deployment=OuterRef("number"))
    return Q(Exists(rows.filter(cancel_requested_at__isnull=True)), finished_at__isnull=True)


def _is_paused() -> Q:
    is_paused = Q(paused_at__isnull=False)
    return is_paused & (Q(origin=_ROLLOUT) | has_status(Status.PAUSED))


def _is_finished() -> Q:
    of_plan = Q(has_status(Status.FINISHED), ~Q(origin=_ROLLOUT))
    return Q(finished_at__isnull=False) | of_plan


# The first that is so.
_RULES: dict[RolloutState, Callable[[], Q]] = {
    RolloutState.DELETED: lambda: Q(archived_at__isnull=False),
    RolloutState.STOPPING: lambda: Q(_is_leaving(), stopped_at__isnull=False),
    RolloutState.STOPPED: lambda: Q(stopped_at__isnull=False) | Q(aborted_at__isnull=False),
    RolloutState.FINISHED: _is_finished,
    RolloutState.WAITING_FOR_APPROVAL: lambda: Q(approval=Deployment.Approval.WAITING),
    RolloutState.APPROVAL_DENIED: lambda: Q(approval=Deployment.Approval.DENIED),
    RolloutState.PAUSED: _is_paused,
    RolloutState.RUNNING: _has_opened,
    RolloutState.STARTING: lambda: Q(origin=_ROLLOUT, start_at__lte=timezone.now()),
}


def _state() -> Case:
    text = CharField()
    cases = [When(rule(), then=Value(state.value, text)) for state, rule in _RULES.items()]
    return Case(*cases, default=Value(RolloutState.READY.value, text), output_field=text)


# The RolloutState of a deployment.
ROLLOUT_STATE = Derived(_state)


def state_of(deployment: Deployment) -> RolloutState:
    """The state of one of them now."""
    rows = Deployment.objects.filter(number=deployment.number)
    return RolloutState(rows.values_list(ROLLOUT_STATE, flat=True).get())
