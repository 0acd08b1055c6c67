"""What the database selects is what holds in memory, whatever is asked of whatever jobs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from api.digi.language.matching import holds
from api.digi.language.meaning import parse
from api.digi.language.selecting import selecting
from deployments.models import Deployment
from deployments.outcomes import tallies
from deployments.states import OPEN, State
from fleet.models import Organization
from query.searching import folded
from query.tree import All, Comparison, Condition, Not, Operator, Some
from tests.api.digi.language import told, trees
from tests.api.digi.language.jobs import Job, make_job, make_part, warn
from tests.api.digi.language.rendering import render
from tests.make import make_organization

STATES = {
    "new": [State.PENDING],
    "in_progress": [State.PENDING, State.INSTALLING],
    "canceled": [State.SUCCESS, State.FAILURE, State.ABORTED, State.PENDING],
    "completed": [State.SUCCESS, State.FAILURE, State.ALREADY_INSTALLED, State.NO_ARTIFACT],
}
# Which device, its state among those that fit, and whether it warns.
parts = st.tuples(st.integers(0, 2), st.integers(0, 3), st.booleans())
part_lists = st.lists(parts, max_size=3, unique_by=lambda part: part[0])


class Fleet:
    """Devices and jobs in the database, and the facts of each."""

    def __init__(
        self, devices: list[dict[str, Any]], jobs: list[tuple[Job, list[tuple[int, int, bool]]]]
    ) -> None:
        self.organization: Organization = make_organization()
        self.now = timezone.now()
        self.known = devices
        self.devices = [
            told.make(self.organization, place, known) for place, known in enumerate(devices)
        ]
        self.facts = [told.facts_of(*pair) for pair in zip(self.devices, devices, strict=True)]
        self.targets: dict[int, list[int]] = {}
        self.jobs = [self.add(number, *each) for number, each in enumerate(jobs, start=1)]
        for place in range(len(devices)):
            self.facts[place]["health_status"] = self.health(place)

    def add(self, number: int, job: Job, parts: list[tuple[int, int, bool]]) -> dict[str, Any]:
        deployment = make_job(self.organization, number, job)
        kept = [part for part in parts if part[0] < len(self.devices)]
        self.targets[number] = [place for place, _, _ in kept]
        for place, pick, warns in kept:
            states = STATES[job.status]
            at = self.now - timedelta(minutes=10) + timedelta(seconds=number)
            state = states[pick % len(states)]
            row = make_part(deployment, self.devices[place], state, at)
            known = self.known[place]
            known["warns"] = warns
            if state not in OPEN:
                known["last"] = state
            if warns:
                warn(row)
        tally = tallies([Deployment.objects.get(number=number)])[number]
        # Nobody is left to do anything.
        is_over = not kept and job.status in {"new", "in_progress"}
        return job.facts(number) | {
            "status": "completed" if is_over else job.status,
            "job_description": f"job {number}",
            "target_count": tally.targeted,
            "success_count": tally.successful,
            "failure_count": tally.failed,
            "pending_count": tally.pending,
            "active_count": tally.running,
        }

    def health(self, place: int) -> str:
        known = self.known[place]
        if known["alert"] == "CRITICAL" or known.get("last") == State.FAILURE:
            return "error"
        if known.get("warns"):
            return "warning"
        return "unknown" if known["minutes"] is None else "normal"

    def selected(self, condition: Condition) -> list[int]:
        jobs = Deployment.objects.of(self.organization)
        found = jobs.filter(selecting(self.organization, condition, self.now))
        return list(found.order_by("number").values_list("number", flat=True))

    def matched(self, condition: Condition) -> list[int]:
        return [
            job["id"]
            for job in self.jobs
            if holds(condition, job, [self.facts[place] for place in self.targets[job["id"]]])
        ]


class TestEveryCondition(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(trees.device_facts, min_size=1, max_size=3),
        st.lists(st.tuples(trees.jobs, part_lists), min_size=1, max_size=3),
        st.lists(trees.conditions, min_size=4, max_size=6),
    )
    def test_what_is_selected_is_what_holds(
        self,
        devices: list[dict[str, Any]],
        jobs: list[tuple[Job, list[tuple[int, int, bool]]]],
        asked: list[Condition],
    ) -> None:
        fleet = Fleet([dict(known) for known in devices], jobs)
        for condition in asked:
            assert fleet.selected(condition) == fleet.matched(condition), render(condition)

    @settings(max_examples=15, deadline=None)
    @given(
        st.lists(trees.device_facts, min_size=1, max_size=3),
        st.lists(st.tuples(trees.jobs, part_lists), min_size=1, max_size=2),
    )
    def test_each_kind_of_question_to_each_field(
        self,
        devices: list[dict[str, Any]],
        jobs: list[tuple[Job, list[tuple[int, int, bool]]]],
    ) -> None:
        fleet = Fleet([dict(known) for known in devices], jobs)
        facts = [*fleet.facts, *fleet.jobs]
        told_values = {(name, _hashable(value)) for each in facts for name, value in each.items()}
        for name, value in sorted(told_values, key=repr):
            if value is None or name.startswith(("mac_", "ipv4_")):
                continue
            asked = Comparison((name,), Operator.EQUAL, _folded(value))
            for condition in (asked, Not(asked)):
                assert fleet.selected(condition) == fleet.matched(condition), render(condition)


def _hashable(value: Any) -> Any:
    return "|".join(value) if isinstance(value, list) else value


def _folded(value: Any) -> Any:
    return folded(value) if isinstance(value, str) else value


@given(trees.conditions)
@example(Some((All((Comparison(("id",), Operator.EQUAL, 1),) * 2),) * 2))
def test_what_is_written_is_read_as_it_was_meant(condition: Condition) -> None:
    assert parse(render(condition)) == _in_small_letters(condition)


def _in_small_letters(condition: Condition) -> Condition:
    match condition:
        case All(parts):
            return All(tuple(_in_small_letters(part) for part in parts))
        case Some(parts):
            return Some(tuple(_in_small_letters(part) for part in parts))
        case Not(part):
            return Not(_in_small_letters(part))
        case Comparison(path, operator, str() as value):
            return Comparison(path, operator, folded(value))
        case _:
            return condition
