"""Deployments are listed, narrowed down, sorted and cut into pages."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deployments.pausing import pause
from deployments.planning import PhasePlan
from fleet.models import Organization
from tests.api.mender.callers import Person, box, error_of
from tests.make import make_actor, make_deployment

DEPLOYMENTS = "v1/deployments/deployments"


def names(admin: Person, query: str) -> list[str]:
    return [deployment["name"] for deployment in admin.get(f"{DEPLOYMENTS}?{query}").json()]


def test_the_list_narrows_and_sorts(admin: Person, organization: Organization) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    make_deployment(organization, devices=["1"], name="waits")
    make_deployment(
        organization, devices=["1"], name="later", phases=[PhasePlan(starts_at=tomorrow)]
    )
    runner = box(organization)
    running = make_deployment(devices=[runner.device, "1"], name="runs")
    runner.poll()
    runner.report(running.id, "installing")
    over = make_deployment(organization, devices=["1"], name="over")
    admin.put(f"{DEPLOYMENTS}/{over.id}/status", {"status": "aborted"})
    assert names(admin, "") == ["over", "runs", "later", "waits"]
    assert names(admin, "sort=asc") == ["waits", "later", "runs", "over"]
    for status, expected in [
        ("pending", "waits"),
        ("scheduled", "later"),
        ("inprogress", "runs"),
        ("finished", "over"),
        ("aborted", "over"),
    ]:
        assert names(admin, f"status={status}") == [expected]
    assert names(admin, "search=AIT") == ["waits"]
    assert names(admin, f"search={running.release_name}") == ["runs"]
    assert len(names(admin, "type=software")) == 4
    assert names(admin, "type=configuration") == []


def test_a_paused_one_is_where_it_would_be_without_the_pause(
    admin: Person, organization: Organization
) -> None:
    deployment = make_deployment(organization, devices=["1"], name="waits")
    pause(actor=make_actor(organization), deployment=deployment)
    assert names(admin, "status=pending") == ["waits"]
    assert names(admin, "status=inprogress") == []
    assert admin.get(f"{DEPLOYMENTS}/{deployment.id}").json()["status"] == "pending"


def test_the_list_narrows_by_time(admin: Person, organization: Organization) -> None:
    deployment = make_deployment(organization, devices=["1"])
    second = int(deployment.created_at.timestamp())
    assert len(names(admin, f"created_after={second}&created_before={second}")) == 1
    assert names(admin, f"created_after={second + 1}") == []
    assert names(admin, f"created_before={second - 1}") == []


@pytest.mark.parametrize(
    "query",
    [
        "status=done",
        "type=hardware",
        "sort=up",
        "created_after=yesterday",
        "created_before=99999999999999999999",
        "page=0",
        "per_page=501",
        "per_page=ten",
    ],
)
def test_a_malformed_query_is_refused(admin: Person, query: str) -> None:
    error_of(admin.get(f"{DEPLOYMENTS}?{query}"), 400)


def test_the_list_comes_in_pages(admin: Person, organization: Organization) -> None:
    for _ in range(3):
        make_deployment(organization, devices=["1"])
    answer = admin.get(f"{DEPLOYMENTS}?per_page=2&page=2&search=dep%26lo")
    assert answer.headers["X-Total-Count"] == "0"
    answer = admin.get(f"{DEPLOYMENTS}?per_page=2&page=2&search=deployment")
    assert (len(answer.json()), answer.headers["X-Total-Count"]) == (1, "3")
    assert answer.headers["Link"].split(", ") == [
        f'</api/management/{DEPLOYMENTS}?search=deployment&page=1&per_page=2>; rel="first"',
        f'</api/management/{DEPLOYMENTS}?search=deployment&page=1&per_page=2>; rel="prev"',
        f'</api/management/{DEPLOYMENTS}?search=deployment&page=2&per_page=2>; rel="last"',
    ]


def test_a_list_costs_the_same_however_long(
    admin: Person, organization: Organization, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        make_deployment(organization, devices=["1"], phases=[PhasePlan()])
    with django_assert_max_num_queries(11):
        assert len(names(admin, "")) == 8
