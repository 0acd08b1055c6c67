"""What happened in each hour, day or week."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from deployments.aborting import abort
from deployments.models import Deployment, DeviceDeployment
from fleet.admission import set_status
from fleet.models import Device
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import Caller, caller
from tests.deployments.calls import call, part, say
from tests.make import make_actor, make_deployment, make_device

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def admin() -> Caller:
    return caller()


def ended(admin: Caller, state: str, at: datetime, group: str = "") -> Deployment:
    device = make_device(admin.organization, group=group)
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, state)
    row = DeviceDeployment.objects.filter(pk=part(device, deployment).pk)
    row.update(finished_at=at)
    Deployment.objects.filter(pk=deployment.pk).update(
        created_at=at - timedelta(hours=2), finished_at=at, groups=[group] if group else []
    )
    return deployment


def told(admin: Caller, path: str, **asked: str) -> list[dict[str, object]]:
    answer = admin.get(f"/statistics/{path}", **asked)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, object]] = answer.json()["items"]
    return found


def test_how_the_parts_of_devices_ended(admin: Caller) -> None:
    one = ended(admin, "success", MONDAY + timedelta(hours=1))
    ended(admin, "failure", MONDAY + timedelta(hours=1, minutes=59))
    ended(admin, "failure", MONDAY + timedelta(hours=3))
    ended(admin, "failure", MONDAY + timedelta(hours=4))
    ended(caller(), "failure", MONDAY + timedelta(hours=2))
    span = {"interval": "hour", "from": "2026-03-02T00:30:00Z", "to": "2026-03-02T05:00:00+01:00"}
    lines = told(admin, "device-deployments", **span)
    assert [line["at"] for line in lines] == [
        f"2026-03-02T0{hour}:00:00.000000Z" for hour in range(4)
    ]
    assert [(line["total"], line["success"], line["failure"]) for line in lines] == [
        (0, 0, 0),
        (2, 1, 1),
        (0, 0, 0),
        (1, 0, 1),
    ]
    alone = told(admin, "device-deployments", deployment=str(one.id), **span)
    assert [line["total"] for line in alone] == [0, 1, 0, 0]


def test_weeks_begin_on_monday_and_days_in_utc(admin: Caller) -> None:
    ended(admin, "success", MONDAY - timedelta(seconds=1))
    ended(admin, "success", MONDAY)
    span = {"from": "2026-02-25T00:00:00Z", "to": "2026-03-04T00:00:00Z"}
    weeks = told(admin, "device-deployments", interval="week", **span)
    assert [(str(line["at"])[:10], line["total"]) for line in weeks] == [
        ("2026-02-23", 1),
        ("2026-03-02", 1),
    ]
    days = told(admin, "device-deployments", **span)
    assert [line["total"] for line in days] == [0, 0, 0, 0, 1, 1, 0]


def test_the_course_of_deployments(admin: Caller) -> None:
    ended(admin, "success", MONDAY + timedelta(hours=1))
    stopped = make_deployment(devices=[make_device(admin.organization)])
    abort(actor=make_actor(admin.organization), deployment=stopped)
    days = told(
        admin, "deployments", **{"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T12:00:00Z"}
    )
    assert [(line["created"], line["finished"], line["aborted"]) for line in days] == [
        (1, 0, 0),
        (0, 1, 0),
    ]
    latest = told(admin, "deployments")[-1]
    assert (latest["created"], latest["finished"], latest["aborted"]) == (1, 0, 1)


def test_the_arrivals_of_devices(admin: Caller) -> None:
    device = make_device(admin.organization, status="pending", seen_at=timezone.now())
    actor = make_actor(admin.organization)
    set_status(actor=actor, auth_set=device.auth_sets.get(), status="accepted")
    today = told(admin, "devices")[-1]
    assert (today["known"], today["accepted"], today["last_seen"]) == (1, 1, 1)
    assert len(told(admin, "devices")) == 30


def test_what_devices_run(admin: Caller) -> None:
    for software in ("new", "new", "old"):
        make_device(admin.organization, device_type="board", software=software)
    make_device(admin.organization, device_type="board", software="new", status="pending")
    assert told(admin, "software") == [
        {"device_type": "board", "software": "new", "devices": 2},
        {"device_type": "board", "software": "old", "devices": 1},
    ]


def test_they_come_as_a_table(admin: Caller) -> None:
    make_device(admin.organization, device_type="=board", software="new")
    table = admin.get("/statistics/software", format="csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert table.content.decode() == "device_type,software,devices\n'=board,new,1\n"
    accepted = admin.get("/statistics/devices", headers={"accept": "text/csv"})
    assert accepted.content.decode().startswith("at,known,accepted,last_seen\n")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"interval": "hour", "from": "2026-01-01T00:00:00Z"}, "invalid_span"),
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "invalid_span"),
        ({"to": "0001-01-01T00:00:00Z"}, "invalid_span"),
        ({"interval": "second"}, "invalid_parameter"),
        ({"from": "yesterday"}, "invalid_parameter"),
        ({"colour": "red"}, "unknown_parameter"),
    ],
)
def test_what_cannot_be_counted_is_refused(admin: Caller, asked: dict[str, str], code: str) -> None:
    refused = admin.get("/statistics/deployments", **asked)
    assert (refused.status_code, refused.json()["code"]) == (400, code)


def test_within_bounds_only_what_is_in_reach(admin: Caller) -> None:
    ended(admin, "success", MONDAY, group="lab")
    other = ended(admin, "success", MONDAY)
    bound = bounded(admin.organization, "DeployToDevices", "DeviceGroups", "lab")
    span = {"from": "2026-03-02T00:00:00Z", "to": "2026-03-03T00:00:00Z"}
    assert [line["total"] for line in told(bound, "device-deployments", **span)] == [1]
    path = "/statistics/device-deployments"
    assert bound.get(path, deployment=str(other.id)).status_code == 404
    assert bound.get("/statistics/devices").status_code == 403
    assert Device.objects.count() == 2
