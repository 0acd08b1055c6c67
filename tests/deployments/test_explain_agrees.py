"""Whatever the world is like, the explanation says what the next call will get."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from artifacts.models import Release
from deployments.explaining import explain
from deployments.models import Deployment, DeviceDeployment
from deployments.offers import Unauthorized, poll
from deployments.planning import PhasePlan
from deployments.provides import provides_of
from fleet.device_tokens import DeviceClaims
from fleet.errors import Conflict
from fleet.models import Device
from tests.make import make_artifact, make_deployment, make_device, make_organization, make_release

pytestmark = pytest.mark.django_db
TYPES = ["board", "plank", ""]
NOW = timezone.now()


@dataclass(frozen=True)
class Part:
    """One deployment and how far the device is in it."""

    release: int
    opens: tuple[int, ...]
    is_full: bool
    force: bool
    retries: int
    row: str
    row_type: str
    ending: str
    is_paused: bool = False


parts = st.builds(
    Part,
    release=st.integers(0, 2),
    opens=st.lists(st.sampled_from([-2, -1, 1]), min_size=1, max_size=3).map(sorted).map(tuple),
    is_full=st.booleans(),
    force=st.booleans(),
    retries=st.integers(0, 1),
    row=st.sampled_from(
        ["fresh"] * 4 + ["told", "retrying", "restarted", "begun", "held", "ended"]
    ),
    row_type=st.sampled_from(["board", "board", "plank"]),
    ending=st.sampled_from(["", "", "", "finished", "aborted"]),
    is_paused=st.sampled_from([False, False, True]),
)


def build(device: Device, releases: list[Release], part: Part) -> Deployment:
    opens = [timezone.now() + timedelta(hours=hours) for hours in part.opens]
    shares = [PhasePlan(30, at) for at in opens[:-1]] + [PhasePlan(None, opens[-1])]
    deployment = make_deployment(
        release=releases[part.release],
        devices=[device, *"abcdefg"],
        phases=shares,
        force_installation=part.force,
        retries=part.retries,
    )
    if part.is_full:
        for phase in deployment.phases.filter(quota__isnull=False):
            deployment.phases.filter(pk=phase.pk).update(admitted=phase.quota)
    deployment.device_deployments.filter(device=device).update(**row_facts(deployment, part))
    ended = {"": {}, "finished": {"finished_at": NOW}}
    facts = ended.get(part.ending, {"finished_at": NOW, "aborted_at": NOW})
    if part.is_paused and not part.ending:
        facts = {"paused_at": NOW, "paused_by": "somebody"}
    Deployment.objects.filter(pk=deployment.pk).update(**facts)
    return Deployment.objects.get(pk=deployment.pk)


def row_facts(deployment: Deployment, part: Part) -> dict[str, Any]:
    assert deployment.release
    told: dict[str, Any] = {
        "admitted_at": NOW,
        "attempts": 1,
        "device_type": part.row_type,
        "artifact": deployment.release.artifacts.first(),
    }
    begun = {**told, "state": "installing", "started_at": NOW}
    return {
        "fresh": {},
        "told": told,
        "retrying": {**told, "artifact": None},
        "restarted": {**begun, "artifact": None},
        "begun": begun,
        "held": {**begun, "is_instructed": True},
        "ended": {**told, "state": "success", "is_open": False, "finished_at": NOW},
    }[part.row]


def told(device: Device) -> list[int]:
    """The deployment that the device's next call is answered with, if any."""
    auth_set = device.auth_sets.get()
    claims = DeviceClaims(auth_set.pk, device.pk, auth_set.token_serial, device.id, 4102444800.0)
    try:
        offer = poll(claims, provides_of(device))
    except (Conflict, Unauthorized):
        return []
    if offer is None:
        return []
    return [DeviceDeployment.objects.get(pk=offer.device_deployment).deployment_id]


@settings(max_examples=120, deadline=None)
@given(
    world=st.lists(parts, min_size=1, max_size=4),
    device_type=st.sampled_from(["board"] * 3 + TYPES),
    software=st.sampled_from(["old", "old", "r0", "r1"]),
    depends=st.sampled_from(["v1", "v2"]),
    status=st.sampled_from(["accepted"] * 5 + ["pending"]),
)
def test_explanation_and_call_agree(
    world: list[Part], device_type: str, software: str, depends: str, status: str
) -> None:
    with transaction.atomic():
        device = make_device(
            make_organization(),
            device_type=device_type,
            software=software,
            status=status,
            inventory={"rootfs": depends},
        )
        releases = [make_release(device.organization, name=f"r{number}") for number in range(3)]
        for release, types in zip(
            releases, (["board"], ["plank"], ["board", "plank"]), strict=True
        ):
            needs = {"rootfs": ["v1"]} if len(types) > 1 else {}
            make_artifact(release, device_types=types, depends=needs)
        deployments = [build(device, releases, part) for part in world]
        explained = [each.number for each in deployments if explain(device, each).offered]
        assert explained == told(device)
        transaction.set_rollback(True)
