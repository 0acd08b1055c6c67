"""Cancelling jobs: nobody begins any more, whoever has begun goes on."""

from typing import Any

import pytest
from django.utils import timezone

from auditlog.models import Action, AuditEntry
from deployments import stopping
from deployments.models import Deployment, DeviceDeployment
from deployments.states import State
from fleet.models import Organization
from tests.api.digi.callers import Digi, refused, told
from tests.api.digi.conftest import DeploymentMaker
from tests.api.mender.callers import Box, box
from tests.make import make_device

TYPOGRAPHIC = "username=’someone@example.com'"


@pytest.fixture
def jobs(digi: Digi, job: DeploymentMaker) -> list[int]:
    """Three that nobody has begun."""
    return [job(devices=[make_device(digi.organization)]).number for _ in range(3)]


def complete(number: int) -> None:
    """As if its devices had all done it."""
    now = timezone.now()
    rows = DeviceDeployment.objects.filter(deployment=number)
    rows.update(state=State.SUCCESS, is_open=False, finished_at=now)
    Deployment.objects.filter(number=number).update(finished_at=now)


def statuses(digi: Digi) -> dict[int, str]:
    return {each["id"]: each["status"] for each in told(digi.get("/inventory"))["list"]}


@pytest.mark.parametrize("slash", ["", "/"])
def test_one_job(digi: Digi, jobs: list[int], slash: str) -> None:
    envelope = told(digi.put(f"/cancel{slash}{jobs[1]}"))
    assert (envelope["count"], envelope["size"], len(envelope["list"])) == (1, 1, 1)
    found = envelope["list"][0]
    assert (found["id"], found["status"]) == (jobs[1], "canceled")
    assert (found["failure_count"], found["pending_count"], found["target_count"]) == (1, 0, 1)
    assert "complete_time" in found
    assert statuses(digi) == {
        jobs[2]: "in_progress",
        jobs[1]: "canceled",
        jobs[0]: "in_progress",
    }
    target = digi.job(jobs[1])["targets"][0]
    assert target["status"] == "canceled"
    assert target["error_message"] == f"Stopped by {digi.email}"


@pytest.mark.parametrize("slash", ["", "/"])
def test_several_jobs(digi: Digi, jobs: list[int], slash: str) -> None:
    envelope = told(digi.put(f"/cancel{slash}{jobs[2]},{jobs[0]},{jobs[2]}"))
    assert [each["id"] for each in envelope["list"]] == [jobs[2], jobs[0]]
    assert statuses(digi)[jobs[1]] == "in_progress"


@pytest.mark.parametrize("other", ["4711", "x", "", "99999999999999999999", "-1"])
def test_one_that_there_is_not_leaves_all_as_they_are(
    digi: Digi, jobs: list[int], other: str
) -> None:
    refused(digi.put(f"/cancel/{jobs[0]},{other}"), 404)
    assert set(statuses(digi).values()) == {"in_progress"}


@pytest.mark.parametrize("path", ["/cancel4711", "/cancel/4711", "/cancelx", "/cancel/x"])
def test_a_job_that_there_is_not(digi: Digi, path: str) -> None:
    refused(digi.put(path), 404)


def test_too_many_ids(digi: Digi, jobs: list[int]) -> None:
    many = ",".join(map(str, range(1, 1002)))
    assert "1000" in refused(digi.put(f"/cancel/{many}"), 400)
    refused(digi.put(f"/cancel{many}"), 400)


def test_a_canceled_job_stays_as_it_is(digi: Digi, jobs: list[int]) -> None:
    first = told(digi.put(f"/cancel/{jobs[0]}"))
    assert told(digi.put(f"/cancel{jobs[0]}")) == first
    assert AuditEntry.objects.filter(action=Action.ABORT).count() == 1


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_completed_job_cannot_be_canceled(digi: Digi, jobs: list[int], slash: str) -> None:
    complete(jobs[0])
    assert str(jobs[0]) in refused(digi.put(f"/cancel{slash}{jobs[0]}"), 409)
    assert digi.job(jobs[0])["status"] == "completed"


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_mixed_outcome_is_told_job_by_job(digi: Digi, jobs: list[int], slash: str) -> None:
    complete(jobs[0])
    envelope = told(digi.put(f"/cancel{slash}{jobs[0]},{jobs[1]}"), 207)
    refusal, job = envelope["list"]
    assert refusal["error_status"] == 409
    assert refusal["error_context"] == {"id": jobs[0]}
    assert refusal["error_message"]
    assert (job["id"], job["status"]) == (jobs[1], "canceled")


@pytest.mark.parametrize("path", ["/inventory/cancel", "/cancel"])
def test_all_that_match(digi: Digi, jobs: list[int], path: str) -> None:
    complete(jobs[0])
    digi.put(f"/cancel/{jobs[1]}")
    envelope = told(digi.put(path, query="username = 'someone@example.com'"))
    assert [each["id"] for each in envelope["list"]] == [jobs[2]]
    assert statuses(digi) == {
        jobs[2]: "canceled",
        jobs[1]: "canceled",
        jobs[0]: "completed",
    }


@pytest.mark.parametrize("path", ["/inventory/cancel", "/cancel"])
def test_nothing_that_matches(digi: Digi, jobs: list[int], path: str) -> None:
    assert told(digi.put(path, query="username = 'nobody'")) == {"count": 0, "size": 0, "list": []}
    assert set(statuses(digi).values()) == {"in_progress"}


@pytest.mark.parametrize("path", ["/inventory/cancel", "/cancel"])
@pytest.mark.parametrize("query", ["", "?query=", "?query=%20", "?query=colour=1", "?Query=id>0"])
def test_without_a_query_nothing_is_canceled(
    digi: Digi, jobs: list[int], path: str, query: str
) -> None:
    refused(digi.put(path + query), 400)
    assert set(statuses(digi).values()) == {"in_progress"}


def test_the_query_may_have_the_quotes_of_the_documentation(digi: Digi, jobs: list[int]) -> None:
    envelope = told(digi.put(f"/inventory/cancel?query={TYPOGRAPHIC}"))
    assert envelope["count"] == 3


@pytest.mark.parametrize("path", ["/inventory/cancel", "/cancel"])
def test_what_one_job_meets_stops_no_other(
    digi: Digi, jobs: list[int], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = stopping.stop_gracefully

    def fail_once(*, deployment: Deployment, **more: Any) -> bool:
        stop(deployment=deployment, **more)
        if deployment.number == jobs[1]:
            raise RuntimeError("secret")
        return True

    monkeypatch.setattr("api.digi.views.changes.stop_gracefully", fail_once)
    envelope = told(digi.put(path, query="id > 0"), 207)
    assert [each.get("status") for each in envelope["list"]] == ["canceled", None, "canceled"]
    refusal = envelope["list"][1]
    assert refusal["error_status"] == 500
    assert refusal["error_context"] == {"id": jobs[1]}
    assert b"secret" not in digi.put(path, query="id > 0").content
    assert statuses(digi)[jobs[1]] == "in_progress"


def test_who_did_it_is_noted(digi: Digi, jobs: list[int]) -> None:
    digi.put(f"/cancel/{jobs[0]}")
    entry = AuditEntry.objects.get(action=Action.ABORT)
    assert entry.actor_name == digi.email
    assert entry.via == "Digi API"
    assert Deployment.objects.get(number=jobs[0]).stopped_by == digi.email


def test_a_body_is_passed_over(digi: Digi, jobs: list[int]) -> None:
    assert digi.put(f"/cancel/{jobs[0]}", data=b"<not json").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_has_begun_goes_on(
    organization: Organization, digi: Digi, job: DeploymentMaker
) -> None:
    boxes: list[Box] = [box(organization, device_type="board", software="old") for _ in range(3)]
    deployment = job(devices=[each.device for each in boxes])
    boxes[0].poll()
    boxes[0].report(deployment.id, "installing")
    found = told(digi.put(f"/cancel/{deployment.number}"))["list"][0]
    ended = found["complete_time"]
    assert (found["active_count"], found["failure_count"]) == (1, 2)
    assert boxes[1].poll().status_code == 204
    assert boxes[0].report(deployment.id, "success").status_code == 204
    found = digi.job(deployment.number)
    assert (found["status"], found["success_count"], found["failure_count"]) == ("canceled", 1, 2)
    assert found["complete_time"] == ended
