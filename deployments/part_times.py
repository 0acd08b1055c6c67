"""When a device's part in a deployment began and ended, as jobs tell it: for querysets of rows.

NULL where it has not. Source: Carbon Black, Sensor fields start_time and update_time; Digi, jobs.
"""

from django.db.models import Case, DateTimeField, F, Q, Value, When
from django.db.models.functions import Coalesce

from deployments.models import OVERTIME, Deployment
from deployments.outcomes import Outcome
from deployments.states import State

_MOMENT: DateTimeField = DateTimeField()  # type: ignore[type-arg]
# It has been told, or has reported, or came and had it already.
HAS_BEGUN = Q(
    Q(is_instructed=True)
    | Q(started_at__isnull=False)
    | Q(state=State.ALREADY_INSTALLED, admitted_at__isnull=False)
)
BEGUN_AT = Case(When(HAS_BEGUN, then=Coalesce("started_at", "admitted_at")), output_field=_MOMENT)


def ended_at(deployment: Deployment) -> Case:
    """When the outcome became final, whenever it was written: for its rows with `outcome`."""
    cases = []
    if deployment.expires_at is not None:
        late = deployment.expires_at + OVERTIME
        expired = Q(outcome=Outcome.EXPIRED.value)
        cases += [
            When(expired & Q(is_instructed=True), then=Value(late, _MOMENT)),
            When(expired, then=Value(deployment.expires_at, _MOMENT)),
        ]
    if deployment.stopped_at is not None:
        unwritten = Q(finished_at__isnull=True) | Q(finished_at__gte=deployment.stopped_at)
        stopped = Q(unwritten, outcome=Outcome.STOPPED.value, is_instructed=False)
        cases.append(When(stopped, then=Value(deployment.stopped_at, _MOMENT)))
    if deployment.aborted_at is not None:
        aborted = Q(finished_at__isnull=True, outcome=Outcome.STOPPED.value)
        cases.append(When(aborted, then=Value(deployment.aborted_at, _MOMENT)))
    return Case(*cases, default=F("finished_at"), output_field=_MOMENT)
