"""The pages of a rollout in groups, and what its devices' pages tell."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from deployments.models import Deployment, DeviceDeployment
from fleet.models import Device, Organization, TargetType
from tests.deployments.groups import WINDOW, make_rollout
from tests.make import make_device, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def devices(home: Organization) -> list[Device]:
    return [make_device(home, name=f"gw-{number}", device_type="board") for number in range(4)]


def page(client: Client, deployment: Deployment) -> str:
    response = client.get(f"/deployments/{deployment.id}/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def post(client: Client, deployment: Deployment, act: str, **form: Any) -> None:
    response = client.post(f"/deployments/{deployment.id}/{act}/", form)
    assert response.status_code == 302
    deployment.refresh_from_db()


def test_its_groups_say_when_the_next_opens(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(devices[:2], devices[2:])
    shown = page(client, rollout)
    assert "group-1 <span>2</span>" in shown
    assert "next opens at 50 % done, pauses over 10 % failed" in shown
    assert "The next group, group-2, opens when the one before it is far enough." in shown
    assert "hawkBit rollout" in shown


def test_a_group_in_which_too_many_failed_says_so(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(devices[:2], devices[2:], paused_at=timezone.now(), paused_by="Slipway")
    rollout.phases.filter(position=0).update(failed_at=timezone.now())
    shown = page(client, rollout)
    assert "Too many failed" in shown
    assert "Resume for 4" in shown
    assert "The next group, group-2, opens at once." in shown


def test_resumed_by_hand_it_waits_for_the_group_before(
    client: Client, devices: list[Device]
) -> None:
    rollout = make_rollout(devices[:1], devices[1:], paused_at=timezone.now(), paused_by="somebody")
    shown = page(client, rollout)
    assert "Resume for 1" in shown
    assert "The next group, group-2, opens when the one before it is far enough." in shown


def test_what_is_being_stopped_is_not_to_be_paused(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(devices, stopped_at=timezone.now())
    shown = page(client, rollout)
    assert "It was stopped" in shown
    assert "Pause for" not in shown


def test_the_groups_of_one_that_was_aborted_are_not_done(
    client: Client, devices: list[Device]
) -> None:
    now = timezone.now()
    rollout = make_rollout(devices, aborted_at=now, finished_at=now)
    shown = page(client, rollout)
    assert "phase--ok" not in shown


def test_its_handling_is_told(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(
        devices,
        action_type="timeforced",
        forced_at=timezone.now() + timedelta(days=1),
        weight=700,
        maintenance_window=WINDOW,
        description="for the winter",
    )
    shown = page(client, rollout)
    for told in ("soft, forced from", "weight 700", WINDOW["schedule"], "for the winter"):
        assert told in shown


def test_who_is_to_leave_it_is_shown(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(devices)
    rows = DeviceDeployment.objects.filter(deployment=rollout, device=devices[0])
    rows.update(cancel_requested_at=timezone.now())
    assert page(client, rollout).count("Canceling") == 1
    assert "Canceling" in client.get(f"/devices/{devices[0].id}/").content.decode()


def test_one_that_waits_for_approval_is_approved_and_started(
    client: Client, devices: list[Device]
) -> None:
    rollout = make_rollout(devices, opened=0, approval="waiting")
    assert "It waits for approval. May it start?" in page(client, rollout)
    assert "waits for approval" in client.get("/").content.decode()
    post(client, rollout, "approval", verdict="approve", remark="fine with me")
    assert (rollout.approval, rollout.approval_remark) == ("approved", "fine with me")
    assert "Start it now" in page(client, rollout)
    post(client, rollout, "start")
    assert rollout.phases.get().starts_at is not None


def test_one_that_is_denied_says_by_whom(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(devices, opened=0, approval="waiting")
    post(client, rollout, "approval", verdict="deny", remark="not in winter")
    shown = page(client, rollout)
    assert rollout.approval == "denied"
    assert f"It was denied by {rollout.approval_by}: not in winter." in shown
    assert "Start it now" not in shown


def test_who_may_only_look_is_asked_nothing(visit: Any, devices: list[Device]) -> None:
    rollout = make_rollout(devices, opened=0, approval="waiting")
    viewer = visit("viewer")
    assert "May it start?" not in page(viewer, rollout)
    assert viewer.post(f"/deployments/{rollout.id}/approval/").status_code == 403
    assert viewer.post(f"/deployments/{rollout.id}/start/").status_code == 403


def test_to_abort_one_asks_its_devices_to_leave_it(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(devices)
    post(client, rollout, "abort")
    assert (rollout.stopped_at is not None, rollout.aborted_at) == (True, None)
    assert "It was stopped: who has begun is asked to leave it." in page(client, rollout)
    post(client, rollout, "abort")
    assert rollout.aborted_at is not None


def test_one_that_is_archived_has_no_page(client: Client, devices: list[Device]) -> None:
    rollout = make_rollout(devices, name="long gone", archived_at=timezone.now())
    assert client.get(f"/deployments/{rollout.id}/").status_code == 404
    for where in ("/", "/deployments/?show=all", f"/devices/{devices[0].id}/"):
        assert "long gone" not in client.get(where).content.decode()


def test_a_device_that_speaks_to_hawkbit_shows_what_it_is_known_by(
    client: Client, home: Organization
) -> None:
    kind = TargetType.objects.create(organization=home, key="crane", name="Crane")
    device = make_target(
        home,
        "crane-7",
        metadata={"site": "quay 4"},
        tags=["north"],
        target_type=kind,
        description="the tall one",
        address="http://192.0.2.7",
    )
    shown = client.get(f"/devices/{device.id}/").content.decode()
    for told in ("controllerId", "crane-7", "Crane", "the tall one", "http://192.0.2.7"):
        assert told in shown
    for told in ("Security token", "quay 4", "north"):
        assert told in shown
    assert "No key is on file" not in shown
