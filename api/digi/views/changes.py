"""Cancelling jobs and deleting them, one or many. Source: Digi Remote Manager, v1/jobs.

Of many each is changed in a transaction of its own: what one meets stops no other, and no lock is
held for long.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from api.digi.asking import required_query
from api.digi.errors import Failure, Refused, failure_of
from api.digi.finding import found_numbers
from api.digi.language import jobs_matching
from api.digi.resources import Resource, answered, done
from api.digi.shapes.jobs import Job, jobs_of, listed, told
from api.digi.views.inventory import Inventory
from api.endpoints import EXECUTE, READ, Call
from deployments.archiving import archive
from deployments.models import Deployment
from deployments.outcomes import COURSE, Course
from deployments.stopping import stop_gracefully
from fleet.errors import Conflict

_UNFINISHED = (Course.NEW, Course.IN_PROGRESS)


class CancelByIds(Resource):
    """Jobs by their ids, with commas between; one that is canceled already stays as it is."""

    needs = {"PUT": EXECUTE}
    is_atomic = False

    def put(self, call: Call, job_id: str) -> HttpResponse:
        numbers = found_numbers(call, job_id)
        failures = _each(call, numbers, _cancel)
        if len(failures) == len(numbers):
            raise _all_refused(failures)
        return _cancelled(call, numbers, failures)


class CancelByQuery(Resource):
    """All unfinished jobs that match."""

    needs = {"PUT": EXECUTE}
    is_atomic = False

    def put(self, call: Call) -> HttpResponse:
        numbers = _matching(call, only=_UNFINISHED)
        return _cancelled(call, numbers, _each(call, numbers, _cancel_if_unfinished))


class DeleteByQuery(Resource):
    """All jobs that match, of which the unfinished are cancelled first."""

    needs = {"DELETE": EXECUTE}
    is_atomic = False

    def delete(self, call: Call) -> HttpResponse:
        failures = _each(call, _matching(call), _delete)
        if not failures:
            return done()
        entries = [_refusal(number, failure) for number, failure in failures.items()]
        return answered(listed(entries, len(entries)), status=207)


class CancelAndDelete(CancelByQuery, DeleteByQuery):
    """Both at one address."""

    needs = {"PUT": EXECUTE, "DELETE": EXECUTE}


class InventoryAndDelete(Inventory, DeleteByQuery):
    """Both at one address."""

    needs = {"GET": READ, "DELETE": EXECUTE}


Change = Callable[[Call, Job], object]


def _matching(call: Call, *, only: Iterable[Course] = ()) -> list[int]:
    found = jobs_matching(call.organization, required_query(call))
    if only:
        found = found.annotate(course=COURSE).filter(course__in=list(only))
    return list(found.order_by("number").values_list("number", flat=True))


def _each(call: Call, numbers: Iterable[int], change: Change) -> dict[int, Failure]:
    """Change each of them; what was refused, by the number of the job."""
    failures: dict[int, Failure] = {}
    for number in numbers:
        try:
            with transaction.atomic():
                for job in jobs_of(call.organization, [number], counted=False):
                    change(call, job)
        except Exception as error:  # noqa: BLE001  the others are told of as well
            failures[number] = failure_of(error)
    return failures


def _cancel(call: Call, job: Job) -> None:
    """Raises Conflict for one that is completed."""
    deployment: Any = job.deployment
    if deployment.course == Course.CANCELED:
        return
    is_completed = deployment.course == Course.COMPLETED
    if is_completed or not stop_gracefully(actor=call.actor, deployment=deployment):
        _require_canceled(deployment)


def _require_canceled(deployment: Deployment) -> None:
    """Somebody else may have been first to stop it."""
    rows = Deployment.objects.filter(number=deployment.number).annotate(course=COURSE)
    if rows.filter(course=Course.CANCELED).exists():
        return
    message = f"Job {deployment.number} is completed; there is nothing to cancel"
    raise Conflict("job_completed", message)


def _cancel_if_unfinished(call: Call, job: Job) -> None:
    if job.deployment.course in _UNFINISHED:
        stop_gracefully(actor=call.actor, deployment=job.deployment)


def _delete(call: Call, job: Job) -> None:
    _cancel_if_unfinished(call, job)
    archive(actor=call.actor, deployment=job.deployment)


def _cancelled(call: Call, numbers: list[int], failures: dict[int, Failure]) -> HttpResponse:
    """The jobs as they are now, and for each that was refused why: 207 if there are any."""
    jobs = {job.deployment.number: told(job) for job in jobs_of(call.organization, numbers)}
    entries = [
        _refusal(number, failures[number]) if number in failures else jobs[number]
        for number in numbers
        if number in failures or number in jobs
    ]
    return answered(listed(entries, len(entries)), status=207 if failures else 200)


def _refusal(number: int, failure: Failure) -> dict[str, Any]:
    return {**failure.told(), "error_context": {"id": number}}


def _all_refused(failures: dict[int, Failure]) -> Refused:
    """Where nothing was done it is no mixed outcome."""
    first = next(iter(failures.values()))
    return Refused(first.status, "; ".join(failure.message for failure in failures.values()))
