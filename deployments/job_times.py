"""When a whole deployment began and ended, as jobs tell it: for querysets of deployments.

NULL where it has not. Source: Carbon Black, Job fields start_time and end_time; Digi, jobs.
"""

from django.db.models import Case, DateTimeField, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from deployments.derived import Derived
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.outcomes import COURSE, Course

_MOMENT: DateTimeField = DateTimeField()  # type: ignore[type-arg]


def _started() -> Subquery:
    """The moment when its first phase opened, unless it was stopped before."""
    until = Coalesce(OuterRef("stopped_at"), OuterRef("aborted_at"), timezone.now())
    opened = Phase.objects.filter(deployment=OuterRef("number"), starts_at__lte=until)
    return Subquery(opened.order_by("starts_at").values("starts_at")[:1])


def _ended() -> Coalesce:
    """A stop is the end, whoever goes on; else when the last device was done.

    One that was for nobody ended when it was made.
    """
    rows = DeviceDeployment.objects.filter(deployment=OuterRef("number"))
    last = rows.order_by(F("finished_at").desc(nulls_last=True)).values("finished_at")[:1]
    by_time = Case(When(expires_at__lte=timezone.now(), then="expires_at"))
    # It is over, and nobody has noted it yet.
    unnoted = Case(
        When(
            Exact(COURSE, Course.COMPLETED.value),
            then=Coalesce(by_time, Subquery(last), "created_at"),
        ),
        output_field=_MOMENT,
    )
    for_nobody = Q(size=0, newcomers__isnull=True) & ~Q(target=Deployment.Target.FILTER)
    at_once = Case(When(for_nobody, then="created_at"))
    return Coalesce("stopped_at", "aborted_at", at_once, "finished_at", unnoted)


STARTED_AT = Derived(_started, _MOMENT)
ENDED_AT = Derived(_ended, _MOMENT)
