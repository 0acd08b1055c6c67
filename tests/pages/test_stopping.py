"""A deployment that is stopped gracefully, limited or to expire; a device with kit and host."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deployments.by_kit import KitPlan, create_by_kit
from deployments.models import Deployment
from fleet.models import Device, Organization
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
)
from tests.pages.conftest import Visit
from tests.pages.reading import part, words
from tests.pages.rollouts import say


def url(deployment: Deployment, tail: str = "") -> str:
    return f"/deployments/{deployment.id}/{tail}"


def test_stopping_asks_first_and_lets_go_on_who_has_begun(
    client: Client, rollout: Deployment
) -> None:
    row = rollout.device_deployments.order_by("number")[2]
    say(row, "downloading", is_instructed=True)
    assert "Stop…" in words(client.get(url(rollout)))
    asked = words(client.get(url(rollout, "stop/")))
    assert "7 not begun: will not begin" in asked
    assert "1 begun: go on" in asked
    said = words(client.post(url(rollout, "stop/"), follow=True))
    assert "Rollout 2 is stopped. Nobody new begins it; who has begun goes on." in said
    assert "nobody new begins, and who has begun goes on" in said
    assert "Stop…" not in said
    assert "Abort…" in said
    again = words(client.post(url(rollout, "stop/"), follow=True))
    assert "is over, or was stopped before" in again
    states = rollout.device_deployments.order_by("number").values_list("state", flat=True)
    assert list(states) == ["success", "failure", "downloading", *["aborted"] * 7]


def test_only_who_may_change_it_stops_it(visit: Visit, rollout: Deployment) -> None:
    viewer = visit("viewer")
    assert "Stop…" not in words(viewer.get(url(rollout)))
    assert viewer.get(url(rollout, "stop/")).status_code == 403
    assert viewer.post(url(rollout, "stop/")).status_code == 403
    away = make_deployment(devices=[make_device(make_organization())])
    assert visit().post(url(away, "stop/")).status_code == 404


def test_it_says_how_many_are_at_it_and_when_it_expires(client: Client, home: Organization) -> None:
    devices = [make_device(home) for _ in range(3)]
    deployment = make_deployment(
        devices=devices, in_flight_limit=1, expires_at=timezone.now() + timedelta(days=1)
    )
    assert "0 of 1 at it at once." in words(client.get(url(deployment)))
    row = deployment.device_deployments.order_by("number")[0]
    say(row, "downloading", is_instructed=True)
    shown = words(client.get(url(deployment)))
    assert "1 of 1 at it at once: the others wait their turn." in shown
    assert "expires" in shown
    assert "1 of 1 at it" in words(part(client, url(deployment), "progress"))


def test_releases_by_kit_are_named(client: Client, home: Organization) -> None:
    for kit_type, device_type, version in (("MAC", "macbook", "3.7"), ("UBUNTU", "box", "2.1")):
        release = make_distribution_set(home, f"agent-{device_type}", version)
        make_artifact(release, device_types=[device_type])
        make_device(home, device_type=device_type, kit_type=kit_type)
    deployment = create_by_kit(
        actor=make_actor(home),
        organization=home,
        plan=KitPlan("Both", {"MAC": "3.7", "UBUNTU": "2.1"}),
        devices=Device.objects.of(home),
    )
    shown = words(client.get(url(deployment)))
    assert "MAC: agent-macbook:3.7, UBUNTU: agent-box:2.1" in shown
    device = Device.objects.get(kit_type="MAC")
    assert "agent-macbook:3.7" in words(client.get(f"/devices/{device.id}/"))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kit_type": "MAC"}, "kit MAC"),
        ({"host_name": "probe.example.com"}, "host probe.example.com"),
        ({"sensor_version": "3.7.2.81"}, "version 3.7.2.81"),
    ],
)
def test_a_device_says_its_kit_its_host_and_its_version(
    client: Client, home: Organization, facts: dict[str, str], said: str
) -> None:
    page = f"/devices/{make_device(home, **facts).id}/"
    assert said in words(client.get(page))
    plain = f"/devices/{make_device(home).id}/"
    assert said not in words(client.get(plain))
