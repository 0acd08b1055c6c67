"""Exports of sensors, and the Job Service by which they are watched and fetched."""

import csv
import io
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.http import HttpResponse
from django.utils import timezone

from api.carbonblack.sensors.columns import FIELDS
from api.exports import files
from api.exports.sweeping import sweep
from api.models import ServiceJob
from auditlog.models import AuditEntry
from deployments.models import Deployment
from fleet.models import Organization, Role
from jobs.models import Job
from jobs.running import run_due
from tests.api.carbonblack.callers import SERVICE_JOBS, CarbonBlack
from tests.api.carbonblack.fleet_of_sensors import (
    created,
    make_kit,
    make_version,
    sensor,
    sensors_of,
)
from tests.api.carbonblack.refusals import refused


@pytest.fixture
def job(script: CarbonBlack, organization: Organization) -> dict[str, Any]:
    make_kit(organization)
    make_version(organization)
    for name in ("mac-1", "mac-2", "=mac-3"):
        sensor(organization, name)
    return created(script)


def begin(script: CarbonBlack, job: dict[str, Any], **asked: Any) -> int:
    answer = script.post(f"/{job['id']}/sensors/_export", asked)
    assert answer.status_code == 202, answer.content
    return int(answer.json()["job_service_id"])


def told(script: CarbonBlack, number: int, part: str = "") -> Any:
    answer = script.get(f"{SERVICE_JOBS}/{number}{part}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def fetched(script: CarbonBlack, number: int) -> HttpResponse:
    answer = script.get(f"{SERVICE_JOBS}/{number}/download")
    assert answer.status_code == 200
    return answer


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_it_is_begun_watched_and_fetched(script: CarbonBlack, job: dict[str, Any]) -> None:
    number = begin(script, job, query="mac", rows=1, start=7)
    before = told(script, number)
    assert (before["status"], before["progress"]) == (
        "CREATED",
        {"num_total": 0, "num_completed": 0, "message": "QUEUED"},
    )
    assert before["job_parameters"] == {
        "job_id": job["id"],
        "criteria": {},
        "query": "mac",
        "sort": [],
        "format": "json",
    }
    assert refused(script.get(f"{SERVICE_JOBS}/{number}/download"), 404) == ("NOT_FOUND", [])
    run_due()
    after = told(script, number)
    assert (after["status"], after["id"], after["org_key"]) == ("COMPLETED", number, "ABCD1234")
    assert after["connector_id"] == "ABCD123456"
    assert after["last_update_time"] >= after["create_time"]
    done = {"num_total": 3, "num_completed": 3, "message": "FINISHED"}
    assert after["progress"] == told(script, number, "/progress") == done
    answer = fetched(script, number)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert f"sensors-{number}.json" in answer.headers["Content-Disposition"]
    found = orjson.loads(content(answer))
    assert found == {"num_found": 3, "results": sensors_of(script, job)}


def test_a_table(script: CarbonBlack, job: dict[str, Any]) -> None:
    sort = [{"field": "DEVICE_NAME", "order": "DESC"}]
    number = begin(script, job, format="CSV", sort=sort, criteria={"status": "PENDING"})
    run_due()
    answer = fetched(script, number)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, *lines = csv.reader(io.StringIO(content(answer).decode()))
    assert tuple(header) == FIELDS
    assert [line[1] for line in lines] == ["mac-2", "mac-1", "'=mac-3"]


def test_nothing_to_tell(script: CarbonBlack, job: dict[str, Any]) -> None:
    numbers = [begin(script, job, query="nobody", format=each) for each in ("json", "csv")]
    run_due()
    assert content(fetched(script, numbers[0])) == b'{"results":[],"num_found":0}'
    assert content(fetched(script, numbers[1])).decode().strip() == ",".join(FIELDS)


def test_it_is_as_things_are_when_it_runs(script: CarbonBlack, job: dict[str, Any]) -> None:
    number = begin(script, job, criteria={"status": "PENDING"})
    script.delete(f"/{job['id']}")
    run_due()
    assert content(fetched(script, number)) == b'{"results":[],"num_found":0}'


def test_the_newest_is_first_in_the_list(script: CarbonBlack, job: dict[str, Any]) -> None:
    numbers = [begin(script, job) for _ in range(3)]
    listed = script.get(SERVICE_JOBS).json()
    assert listed["num_found"] == 3
    assert [each["id"] for each in listed["results"]] == numbers[::-1]


def test_nobody_else_sees_it(
    script: CarbonBlack, job: dict[str, Any], organization: Organization
) -> None:
    number = begin(script, job)
    run_due()
    other = CarbonBlack(organization, level=Role.ADMINISTRATOR)
    assert other.get(SERVICE_JOBS).json() == {"num_found": 0, "results": []}
    for part in ("", "/progress", "/download"):
        assert refused(other.get(f"{SERVICE_JOBS}/{number}{part}"), 404) == ("NOT_FOUND", [])


@pytest.mark.parametrize("number", ["0", "x", "1e3", "-1", "9" * 40, "\u0661"])
def test_a_number_that_there_is_not(script: CarbonBlack, number: str) -> None:
    for part in ("", "/progress", "/download"):
        assert refused(script.get(f"{SERVICE_JOBS}/{number}{part}"), 404) == ("NOT_FOUND", [])


def test_the_job_is_gone_before_it_runs(script: CarbonBlack, job: dict[str, Any]) -> None:
    number = begin(script, job)
    Deployment.objects.filter(id=job["id"]).update(archived_at=timezone.now())
    run_due()
    failed = told(script, number)
    assert (failed["status"], failed["errors"]) == ("FAILED", ["The job was deleted"])
    assert failed["progress"]["message"] == "FINISHED"
    assert script.get(f"{SERVICE_JOBS}/{number}/download").status_code == 404


def test_the_file_is_kept_for_thirty_days(
    script: CarbonBlack, job: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begin(script, job)
    run_due()
    assert sweep() == 0
    expires = Job.objects.get().result["expires"]  # type: ignore[index]
    assert 29 < (expires - timezone.now().timestamp()) / timedelta(days=1).total_seconds() < 31
    monkeypatch.setattr("api.exports.sweeping.time.time", lambda: expires + 1)
    assert sweep() == 1
    assert files.stored() == {}
    assert script.get(f"{SERVICE_JOBS}/{number}/download").status_code == 404


def test_only_so_many_at_a_time(
    script: CarbonBlack, job: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.carbonblack.service_jobs.operations.MOST_UNFINISHED", 2)
    begin(script, job)
    begin(script, job)
    code, _ = refused(script.post(f"/{job['id']}/sensors/_export", {}))
    assert code == "SUS_4016_LIMIT_REACHED"


@pytest.mark.django_db(transaction=True)
def test_the_oldest_is_forgotten(
    script: CarbonBlack, job: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.carbonblack.service_jobs.operations.MOST", 2)
    numbers = []
    for _ in range(3):
        numbers.append(begin(script, job))
        run_due()
    assert [each.number for each in ServiceJob.objects.all()] == numbers[:0:-1]
    assert len(files.stored()) == 2


def test_it_is_in_the_audit_log(
    script: CarbonBlack, job: dict[str, Any], organization: Organization
) -> None:
    begin(script, job)
    entry = AuditEntry.objects.of(organization.pk).get(object_kind="export")
    assert (entry.action, entry.actor_name) == ("create", "ABCD123456")
