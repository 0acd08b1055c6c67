"""Deleting jobs: gone from every list of every dialect, rows and audit log stay."""

from typing import Any

import pytest

from auditlog.models import Action, AuditEntry
from deployments import archiving
from deployments.models import Deployment, DeviceDeployment
from tests.api.digi.callers import Digi, refused, told
from tests.api.digi.conftest import DeploymentMaker
from tests.api.digi.test_cancel import complete, statuses
from tests.api.hawkbit.callers import hawkbit_caller
from tests.api.mender.callers import person
from tests.make import make_device


@pytest.fixture
def jobs(digi: Digi, job: DeploymentMaker) -> list[int]:
    return [job(devices=[make_device(digi.organization)]).number for _ in range(3)]


def test_one_that_is_finished(digi: Digi, jobs: list[int]) -> None:
    complete(jobs[0])
    answer = digi.delete(f"/inventory/{jobs[0]}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Type" not in answer.headers
    refused(digi.get(f"/{jobs[0]}"), 404)
    refused(digi.delete(f"/inventory/{jobs[0]}"), 404)
    assert set(statuses(digi)) == set(jobs[1:])
    assert Deployment.objects.get(number=jobs[0]).archived_at is not None
    assert DeviceDeployment.objects.filter(deployment=jobs[0]).count() == 1
    assert AuditEntry.objects.get(action=Action.DELETE).actor_name == digi.email


def test_one_that_is_canceled(digi: Digi, jobs: list[int]) -> None:
    digi.put(f"/cancel/{jobs[0]}")
    assert digi.delete(f"/inventory/{jobs[0]}").status_code == 204


def test_one_that_is_not_finished(digi: Digi, jobs: list[int]) -> None:
    message = refused(digi.delete(f"/inventory/{jobs[0]}"), 409)
    assert message == f"Job {jobs[0]} is not finished; cancel it first"
    assert digi.job(jobs[0])["status"] == "in_progress"


@pytest.mark.parametrize("job_id", ["4711", "x", "99999999999"])
def test_one_that_there_is_not(digi: Digi, job_id: str) -> None:
    refused(digi.delete(f"/inventory/{job_id}"), 404)


def test_it_is_gone_from_the_other_dialects(digi: Digi, jobs: list[int]) -> None:
    deployment = Deployment.objects.get(number=jobs[0])
    mender, hawkbit = person(digi.organization), hawkbit_caller(organization=digi.organization)
    path = "v1/deployments/deployments"
    assert len(mender.get(path).json()) == 3
    digi.delete("/cancel", query=f"id = {jobs[0]}")
    assert len(mender.get(path).json()) == 2
    assert mender.get(f"{path}/{deployment.id}").status_code == 404
    rollouts: Any = hawkbit.get("/rollouts")
    assert {each["id"] for each in rollouts.json()["content"]} == set(jobs[1:])


@pytest.mark.parametrize("path", ["/cancel", "/inventory"])
def test_all_that_match(digi: Digi, jobs: list[int], path: str) -> None:
    complete(jobs[0])
    answer = digi.delete(path, query=f"id <= {jobs[1]} and job_type = 'firmware_update'")
    assert (answer.status_code, answer.content) == (204, b"")
    assert set(statuses(digi)) == {jobs[2]}
    stopped = Deployment.objects.get(number=jobs[1])
    assert stopped.stop == Deployment.Stop.GRACEFUL
    assert stopped.stopped_by == digi.email
    assert Deployment.objects.get(number=jobs[0]).stop == Deployment.Stop.NONE


@pytest.mark.parametrize("path", ["/cancel", "/inventory"])
def test_nothing_that_matches(digi: Digi, jobs: list[int], path: str) -> None:
    assert digi.delete(path, query="job_type='configuration'").status_code == 204
    assert set(statuses(digi)) == set(jobs)


@pytest.mark.parametrize("path", ["/cancel", "/inventory"])
@pytest.mark.parametrize("query", ["", "?query=", "?query=%09", "?query=colour=1", "?id=1"])
def test_without_a_query_nothing_is_deleted(
    digi: Digi, jobs: list[int], path: str, query: str
) -> None:
    refused(digi.delete(path + query), 400)
    assert set(statuses(digi)) == set(jobs)


@pytest.mark.parametrize("path", ["/cancel", "/inventory"])
def test_what_one_job_meets_stops_no_other(
    digi: Digi, jobs: list[int], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = archiving.archive

    def fail_once(*, deployment: Deployment, **more: Any) -> None:
        archive(deployment=deployment, **more)
        if deployment.number == jobs[1]:
            raise RuntimeError("secret")

    monkeypatch.setattr("api.digi.views.changes.archive", fail_once)
    envelope = told(digi.delete(path, query="id > 0"), 207)
    assert [each["error_context"] for each in envelope["list"]] == [{"id": jobs[1]}]
    assert statuses(digi) == {jobs[1]: "in_progress"}
