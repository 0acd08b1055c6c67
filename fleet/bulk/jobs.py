"""The job that changes many devices, batch by batch."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from fleet.acting_later import actor_again
from fleet.bulk.changing import BATCH, Change, act_on
from fleet.bulk.choosing import Walk
from fleet.bulk.outcomes import Outcome
from fleet.errors import DomainError
from fleet.models import Organization
from fleet.reach import devices_within
from jobs.handlers import Hopeless
from jobs.lease import save_progress
from jobs.models import Job

MOST_FAILURES = 1_000

Tally = dict[str, Any]


def run(job: Job) -> Tally:
    """Change what is left to change; how far it came is written with every batch.

    The result counts what was `done` and what `failed`, by `codes`; of the failures the first
    1,000 are listed. Raises Hopeless if the caller may not any more.
    """
    try:
        return _run(job)
    except DomainError as refusal:
        raise Hopeless(refusal.message) from refusal


def _run(job: Job) -> Tally:
    actor = actor_again(job.arguments["actor"])
    organization = Organization.objects.get(pk=job.arguments["actor"]["organization"])
    change = Change.again(job.arguments["change"])
    walk = Walk.again(organization, job.arguments["choice"])
    within = devices_within(actor, change.permission, organization)
    tally = job.result or _nothing(change)
    for after, ids in walk.batches(within, after=tally.get("after", 0), size=BATCH):
        with transaction.atomic():
            tally = _added(tally, act_on(actor, organization, change, ids)) | {"after": after}
            count = tally["done"] + tally["failed"]
            save_progress(job, min(99, 100 * count // max(walk.total, 1)), tally)
    return {name: value for name, value in tally.items() if name != "after"}


def _nothing(change: Change) -> Tally:
    return {"action": change.act, "done": 0, "failed": 0, "codes": {}, "failures": []}


def _added(tally: Tally, outcomes: Sequence[Outcome]) -> Tally:
    failed = [outcome for outcome in outcomes if outcome.has_failed]
    codes = Counter(tally["codes"]) + Counter(each.code for each in outcomes if each.code)
    failures = [*tally["failures"], *map(told, failed)]
    return {
        **tally,
        "done": tally["done"] + len(outcomes) - len(failed),
        "failed": tally["failed"] + len(failed),
        "codes": dict(codes),
        "failures": failures[:MOST_FAILURES],
    }


def told(outcome: Outcome) -> dict[str, str]:
    """What became of one device, as callers see it."""
    return {
        "id": str(outcome.device_id),
        "status": "failed" if outcome.has_failed else "done",
        "code": outcome.code,
        "detail": outcome.text,
    }
