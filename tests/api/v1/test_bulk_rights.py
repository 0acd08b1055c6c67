"""Who may change many devices, and what cannot be asked for."""

from typing import Any
from uuid import uuid4

import pytest

from fleet.models import Device, Membership
from jobs.models import Job
from jobs.running import run_due
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import caller
from tests.api.v1.many import bulk, codes
from tests.make import make_device, make_organization

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "explode"}, "action"),
        ({"action": "accept"}, "ids"),
        ({"action": "accept", "q": "nothing==1"}, "q"),
        ({"action": "set_group", "q": "status==accepted", "group": "no name"}, "group"),
        ({"action": "set_tags", "q": "status==accepted"}, "tags"),
        ({"action": "set_tags", "q": "status==accepted", "tags": {"a": True}}, "tags"),
    ],
)
def test_what_is_wrong_is_named(body: dict[str, Any], field: str) -> None:
    answer = caller("operator").post("/devices/bulk", body)
    assert answer.status_code == 400
    told = answer.json()
    assert field in {told.get("field"), *(error["field"] for error in told.get("errors", []))}


def test_permissions_and_bounds_are_those_of_each_change() -> None:
    organization = make_organization()
    other = make_device(organization, group="yard", status="pending")
    viewer = caller("viewer", organization)
    refused = viewer.post("/devices/bulk", {"action": "accept", "ids": [str(other.id)]})
    assert refused.status_code == 403
    us = bounded(organization, "ManageDevices", "DeviceGroups", "lab")
    assert codes(bulk(us, "reject", other)) == [("failed", "device_unknown")]
    unknown = {"action": "set_group", "group": "yard", "ids": [str(uuid4())]}
    assert us.post("/devices/bulk", unknown).status_code == 403


def test_a_job_acts_with_the_rights_that_its_asker_has_then() -> None:
    us = caller("operator")
    waiting = [make_device(us.organization, status="pending") for _ in range(3)]
    job = Job.objects.get(id=bulk(us, "accept", *waiting, as_job=True)["id"])
    Membership.objects.filter(pk=us.membership.pk).update(role="viewer")
    run_due()
    job.refresh_from_db()
    assert (job.state, Device.objects.filter(status="accepted").count()) == ("failed", 0)
