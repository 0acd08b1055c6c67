"""Changes of many devices that take longer than a request."""

from unittest import mock

import pytest

from fleet.bulk import changing, jobs
from fleet.models import Device
from jobs.models import Job
from jobs.running import run_due
from tests.api.v1.callers import Caller, caller
from tests.make import make_device

pytestmark = pytest.mark.django_db


def fleet_of(us: Caller, count: int) -> list[Device]:
    return [make_device(us.organization, status="pending") for _ in range(count)]


def test_a_job_says_what_became_of_them() -> None:
    us = caller("operator")
    devices = [*fleet_of(us, 3), make_device(us.organization, status="noauth")]
    body = {"action": "accept", "ids": [str(each.id) for each in devices], "as_job": True}
    answer = us.post("/devices/bulk", body)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{answer.json()['id']}"
    run_due()
    job = us.get(answer.headers["Location"]).json()
    assert (job["state"], job["progress"]) == ("done", 100)
    assert job["result"] == {
        "action": "accept",
        "done": 3,
        "failed": 1,
        "codes": {"no_key": 1},
        "failures": [
            {
                "id": str(devices[3].id),
                "status": "failed",
                "code": "no_key",
                "detail": "The device has shown no key yet.",
            }
        ],
    }


def test_more_than_one_call_takes_become_a_job() -> None:
    us = caller("operator")
    fleet_of(us, 3)
    with mock.patch.object(changing, "MOST_AT_ONCE", 2):
        answer = us.post("/devices/bulk", {"action": "accept", "q": "status==pending"})
    assert answer.status_code == 202
    late = fleet_of(us, 1)[0]
    run_due()
    assert Device.objects.filter(status="accepted").count() == 3
    late.refresh_from_db()
    assert late.status == "pending"


def test_a_job_that_broke_off_goes_on_where_it_was() -> None:
    us = caller("operator")
    devices = fleet_of(us, 5)
    body = {"action": "set_group", "group": "lab", "q": "group!=lab", "as_job": True}
    job_id = us.post("/devices/bulk", body).json()["id"]
    meant, calls = changing.act_on, 0

    def breaking(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise ConnectionError("the cable")
        return meant(*arguments)  # type: ignore[arg-type]

    with mock.patch.object(jobs, "BATCH", 2):
        with mock.patch.object(jobs, "act_on", breaking):
            run_due()
        job = Job.objects.get(id=job_id)
        assert (job.state, job.result["done"], job.progress) == ("queued", 4, 80)
        Job.objects.update(due_at=job.created_at)
        run_due()
    job.refresh_from_db()
    assert (job.state, job.result["done"], job.result["failed"]) == ("done", 5, 0)
    assert calls == 3
    assert {each.group for each in Device.objects.filter(pk__in=[d.pk for d in devices])} == {"lab"}
