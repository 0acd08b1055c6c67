"""Deployments, as Slipway's own API makes and changes them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from deployments.models import Deployment
from tests.api.v1.callers import Caller, caller
from tests.deployments.calls import call, part, say
from tests.deployments.groups import WINDOW, make_rollout
from tests.make import make_artifact, make_deployment, make_device, make_filter, make_release

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admin() -> Caller:
    found = caller()
    make_artifact(make_release(found.organization, name="r1"))
    return found


def body(**facts: Any) -> dict[str, Any]:
    return {"name": "all boards", "release_name": "r1", "target": "all"} | facts


def test_one_is_made_and_told(admin: Caller) -> None:
    device = make_device(admin.organization)
    made = admin.post("/deployments", body(retries=2, phases=[{"percent": 100}]))
    assert made.status_code == 201
    told = made.json()
    assert made["Location"] == f"/api/v1/deployments/{told['id']}"
    assert (told["status"], told["size"], told["retries"]) == ("pending", 1, 2)
    assert told["release.name"] == "r1"
    assert admin.get(made["Location"]).json() == told
    (listed,) = admin.get("/deployments", q="status==pending;release.name==r*").json()["items"]
    assert listed["id"] == told["id"]
    assert call(device)


@pytest.mark.parametrize(
    ("facts", "size"),
    [
        ({"target": "group", "group": "lab"}, 2),
        ({"target": "devices", "q": "group==lab"}, 2),
        ({"target": "devices", "devices": [str(uuid4())]}, 1),
        ({"target": "all"}, 3),
    ],
)
def test_for_whom_it_may_be(admin: Caller, facts: dict[str, Any], size: int) -> None:
    for group in ("lab", "lab", ""):
        make_device(admin.organization, group=group)
    make_device(admin.organization, group="lab", status="pending")
    made = admin.post("/deployments", body(**facts))
    assert (made.status_code, made.json()["size"]) == (201, size)
    assert Deployment.objects.get().device_deployments.count() == size


def test_for_whoever_matches_a_filter(admin: Caller) -> None:
    saved = make_filter(admin.organization, name="red ones")
    made = admin.post(
        "/deployments", body(target="filter", filter_id=str(saved.id), max_devices=7)
    ).json()
    assert (made["target"], made["max_devices"], made["filter"]["name"]) == (
        "filter",
        7,
        "red ones",
    )


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"target": "group"}, "invalid_target", "group"),
        ({"target": "all", "group": "lab"}, "invalid_target", "group"),
        ({"target": "devices", "q": "x", "devices": ["1"]}, "invalid_target", "devices"),
        ({"target": "devices", "q": "nothing==1"}, "invalid_filter", "q"),
        ({"target": "all"}, "no_devices", "devices"),
        ({"target": "devices", "devices": ["1"], "release_name": "?"}, "no_artifact", None),
        ({"target": "devices", "devices": ["1"], "name": "x" * 257}, "invalid_name", "name"),
        ({"target": "devices", "devices": ["1"], "colour": "red"}, "invalid_body", None),
    ],
)
def test_what_makes_no_sense_is_refused(
    admin: Caller, facts: dict[str, Any], code: str, field: str | None
) -> None:
    refused = admin.post("/deployments", body(**facts))
    assert refused.json()["code"] == code
    assert field is None or refused.json()["field"] == field
    assert not Deployment.objects.exists()


def test_it_is_paused_and_resumed(admin: Caller) -> None:
    deployment = make_deployment(devices=[make_device(admin.organization)])
    paused = admin.post(f"/deployments/{deployment.id}/pause", {"reason": "tickets"}).json()
    assert (paused["status"], paused["paused_reason"]) == ("paused", "tickets")
    again = admin.post(f"/deployments/{deployment.id}/pause")
    assert (again.status_code, again.json()["code"]) == (409, "already_paused")
    resumed = admin.post(f"/deployments/{deployment.id}/resume").json()
    assert (resumed["status"], resumed["paused_at"], resumed["paused_by"]) == ("pending", None, "")


def test_it_is_aborted(admin: Caller) -> None:
    deployment = make_deployment(devices=[make_device(admin.organization)])
    assert admin.post(f"/deployments/{deployment.id}/abort").json()["status"] == "aborted"
    assert admin.post(f"/deployments/{deployment.id}/abort").status_code == 409


def test_it_is_stopped_and_who_has_begun_goes_on(admin: Caller) -> None:
    one, other = (make_device(admin.organization) for _ in range(2))
    deployment = make_deployment(devices=[one, other])
    call(one)
    told = admin.post(f"/deployments/{deployment.id}/stop").json()
    assert (told["stop"], told["status"]) == ("graceful", "in_progress")
    assert told["stopped_by"] == deployment.organization.memberships.get().user.email
    assert told["stopped_at"]
    again = admin.post(f"/deployments/{deployment.id}/stop")
    assert (again.status_code, again.json()["code"]) == (409, "already_stopped")
    assert part(other, deployment).state == "aborted"
    say(one, deployment, "success")
    assert part(one, deployment).state == "success"


def test_a_limit_of_devices_at_it_and_an_end_are_asked_for(admin: Caller) -> None:
    make_device(admin.organization)
    end = (timezone.now() + timedelta(days=2)).isoformat(timespec="seconds")
    made = admin.post("/deployments", body(in_flight_limit=1, expires_at=end)).json()
    assert (made["in_flight_limit"], made["job_type"], made["stop"]) == (1, "ENDPOINT", "")
    assert made["expires_at"][:19] == end[:19]
    (listed,) = admin.get("/deployments", q="in_flight_limit==1").json()["items"]
    assert listed["id"] == made["id"]


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"in_flight_limit": 0}, "invalid_body", None),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "invalid_expires_at", "expires_at"),
        (
            {
                "expires_at": "2070-01-01T00:00:00Z",
                "phases": [{"percent": 50}, {"starts_at": "2071-01-01T00:00:00Z"}],
            },
            *("invalid_expires_at", "expires_at"),
        ),
        ({"target": "filter", "in_flight_limit": 5}, "invalid_in_flight_limit", "in_flight_limit"),
        (
            {"target": "filter", "expires_at": "2070-01-01T00:00:00Z"},
            *("invalid_expires_at", "expires_at"),
        ),
    ],
)
def test_limits_that_make_no_sense_are_refused(
    admin: Caller, facts: dict[str, Any], code: str, field: str | None
) -> None:
    for _ in range(2):
        make_device(admin.organization)
    if facts.get("target") == "filter":
        facts = {**facts, "filter_id": str(make_filter(admin.organization).id)}
    refused = admin.post("/deployments", body(**facts))
    assert (refused.status_code, refused.json()["code"]) == (400, code)
    assert field is None or refused.json()["field"] == field
    assert not Deployment.objects.exists()


def test_those_that_failed_are_tried_again(admin: Caller) -> None:
    one, other = make_device(admin.organization), make_device(admin.organization)
    deployment = make_deployment(devices=[one, other])
    for device in (one, other):
        call(device)
        say(device, deployment, "failure")
    answer = admin.post(
        f"/deployments/{deployment.id}/retry", {"devices": [str(one.id), str(uuid4())]}
    )
    assert answer.status_code == 200
    left_behind = [{"reason": "not_failed", "devices": 1}]
    assert answer.json() == {"retried": 1, "left_behind": left_behind, "job": None}
    assert part(other, deployment).state == "failure"


def test_an_action_may_name_what_it_was_decided_on(admin: Caller) -> None:
    deployment = make_deployment(devices=[make_device(admin.organization)])
    path = f"/deployments/{deployment.id}"
    tag = admin.get(path)["ETag"]
    assert admin.post(f"{path}/pause", if_match=tag).status_code == 200
    assert admin.post(f"{path}/resume", if_match=tag).status_code == 412


def test_its_devices_are_counted(admin: Caller) -> None:
    devices = [make_device(admin.organization) for _ in range(4)]
    deployment = make_deployment(devices=devices)
    call(devices[0])
    say(devices[0], deployment, "success")
    told = admin.get(f"/deployments/{deployment.id}/statistics").json()
    assert (told["devices"], told["states"]["success"], told["states"]["pending"]) == (4, 1, 3)
    waiting, first = told["phases"]
    assert (waiting["phase"], waiting["states"]["pending"]) == (None, 3)
    assert (first["phase"], first["states"]["success"]) == (1, 1)


@pytest.mark.parametrize("action", ["pause", "resume", "abort", "stop", "retry"])
def test_who_may_only_look_changes_nothing(admin: Caller, action: str) -> None:
    deployment = make_deployment(devices=[make_device(admin.organization)])
    viewer = caller("viewer", admin.organization)
    assert viewer.post(f"/deployments/{deployment.id}/{action}").status_code == 403
    stranger = caller()
    assert stranger.post(f"/deployments/{deployment.id}/{action}").status_code == 404
    assert viewer.post("/deployments", body()).status_code == 403


def test_a_rollout_in_groups_is_told_with_all_that_hawkbit_knows_of_it(admin: Caller) -> None:
    devices = [make_device(admin.organization, device_type="board") for _ in range(2)]
    rollout = make_rollout(
        devices[:1],
        devices[1:],
        description="for the winter",
        weight=700,
        action_type="soft",
        maintenance_window=WINDOW,
    )
    told = admin.get(f"/deployments/{rollout.id}").json()
    assert (told["origin"], told["weight"], told["action_type"]) == ("rollout", 700, "soft")
    assert (told["description"], told["maintenance_window"]) == ("for the winter", WINDOW)
    asked = f'deployment.id=="{rollout.id}"'
    first, second = admin.get("/phases", q=asked, sort="position").json()["items"]
    assert (first["name"], first["size"], first["success_threshold"]) == ("group-1", 1, 50)
    assert (first["starts_at"] is None, second["starts_at"] is None) == (False, True)
    row = rollout.device_deployments.order_by("number").first()
    rollout.device_deployments.filter(number=row.number).update(cancel_requested_at=timezone.now())
    (canceling,) = admin.get("/device-deployments", q=f"{asked};is_canceling==true").json()["items"]
    assert (canceling["device.id"], canceling["state"]) == (str(devices[0].id), "pending")
    (other,) = admin.get("/device-deployments", q=f"{asked};is_canceling==false").json()["items"]
    assert other["device.id"] == str(devices[1].id)


def test_one_that_is_archived_is_in_no_list(admin: Caller) -> None:
    rollout = make_rollout([make_device(admin.organization, device_type="board")])
    Deployment.objects.update(archived_at=timezone.now(), finished_at=timezone.now())
    assert admin.get(f"/deployments/{rollout.id}").status_code == 404
    for where in ("/deployments", "/phases", "/device-deployments", "/status-events"):
        assert admin.get(where).json()["items"] == []
