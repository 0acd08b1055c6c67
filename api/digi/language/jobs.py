"""The job fields, as expressions over querysets of deployments."""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from api.digi.language.fields import JOB_FIELDS, JOB_ID
from api.digi.language.targets import Present, Text
from api.digi.language.words import Kind
from deployments.job_times import ENDED_AT, STARTED_AT
from deployments.models import Deployment, DeviceDeployment
from deployments.outcomes import COURSE, FAILURES, OUTCOME, RUNNING, Outcome
from query.columns import NumberColumn
from query.compiling import Target
from query.tree import Field as Path

_COUNTED: dict[str, frozenset[Outcome]] = {
    "success_count": frozenset({Outcome.SUCCESSFUL}),
    "failure_count": FAILURES,
    "pending_count": frozenset({Outcome.WAITING}),
    "active_count": RUNNING,
}


def _targets(outcomes: Iterable[Outcome] = ()) -> Coalesce:
    """How many targets stand so; all of them if nothing is said."""
    rows = DeviceDeployment.objects.filter(deployment=OuterRef("number")).order_by()
    if outcomes:
        rows = rows.alias(outcome=OUTCOME).filter(outcome__in=sorted(outcomes))
    counted = rows.values("deployment").annotate(devices=Count("*")).values("devices")
    return Coalesce(Subquery(counted, IntegerField()), 0)


def _job_type() -> Case:
    text = CharField()
    configures = When(kind=Deployment.Kind.CONFIGURATION, then=Value("configuration", text))
    return Case(configures, default=Value("firmware_update", text), output_field=text)


def expression(name: str) -> Any:
    """The value of a field of the job."""
    match name:
        case "job_type":
            return _job_type()
        case "status":
            return COURSE
        case "target_count":
            return _targets()
        case _ if name in _COUNTED:
            return _targets(_COUNTED[name])
        case _:
            return _PLAIN[name]


_PLAIN: dict[str, Any] = {
    "id": F("number"),
    "username": F("created_by"),
    "job_description": F("name"),
    "submit_time": F("created_at"),
    "start_time": STARTED_AT,
    "complete_time": ENDED_AT,
}


def target_of(path: Path) -> Target:
    """Where a field of a condition is kept."""
    if path == JOB_ID:
        return NumberColumn(F("number"))
    key = expression(path[0])
    if JOB_FIELDS[path[0]].kind == Kind.TEXT:
        return Text(NullIf(key, Value("")))
    return Present(key)
