"""Why a sensor is where it is, in a sentence: as it is told, and as the database sorts by it.

Source: the seed, Field Definitions, Sensor, reason.
"""

from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf

from deployments.models import Deployment, DeviceDeployment
from deployments.outcome_reasons import reason_of
from deployments.outcomes import RUNNING, Outcome
from deployments.states import HELD, State
from fleet.models import KitType

PAUSED = {state: words.replace("Held", "Paused") for state, words in HELD.items()}
ALREADY = "Already at the requested version"
_SAID = Coalesce(NullIf("message", Value("")), Value(""))


def told_reason(row: DeviceDeployment, outcome: Outcome) -> str:
    """Empty where there is nothing to say; reads the job of the row."""
    if outcome in RUNNING:
        return PAUSED.get(State(row.state)) or row.message
    if outcome == Outcome.SUCCESSFUL:
        return ALREADY if row.state == State.ALREADY_INSTALLED else ""
    return reason_of(row, outcome)


def reason(job: Deployment) -> Combinable:
    """The same in SQL, for the rows of the job with `outcome`."""

    def case(condition: Q, outcome: Outcome, **facts: Any) -> When:
        row = DeviceDeployment(deployment=job, **facts)
        return When(condition, then=Value(told_reason(row, outcome)))

    def cases(outcome: Outcome, key: str, values: Any) -> list[When]:
        this = Q(outcome=outcome.value)
        return [case(this & Q(**{key: value}), outcome, **{key: value}) for value in values]

    has_begun = Q(started_at__isnull=False) | Q(is_instructed=True)
    stopped = Q(outcome=Outcome.STOPPED.value)
    plain = (Outcome.FAILED, Outcome.NOTHING_FITS, Outcome.STOPPED, Outcome.EXPIRED)
    return Case(
        When(
            ~Q(message=""),
            outcome__in=[Outcome.FAILED.value, Outcome.NOTHING_FITS.value],
            then=F("message"),
        ),
        *cases(Outcome.ACTIVE, "state", PAUSED),
        When(outcome__in=sorted(each.value for each in RUNNING), then=_SAID),
        *cases(Outcome.SUCCESSFUL, "state", [State.ALREADY_INSTALLED]),
        *cases(Outcome.NOT_REQUESTED, "kit_type", KitType.values),
        case(stopped & has_begun, Outcome.STOPPED, is_instructed=True),
        *(case(Q(outcome=each.value), each) for each in (*plain, Outcome.REMOVED)),
        default=Value(""),
        output_field=CharField(),
    )
