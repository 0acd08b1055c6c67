"""Rollouts over devices of type "board", which are told apart by their names."""

from collections.abc import Sequence
from typing import Any

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.rollouts.creating import create_rollout
from deployments.rollouts.plans import RolloutPlan
from deployments.rollouts.running import run_rollouts
from deployments.rollouts.starting import start
from deployments.rollouts.states import RolloutState, state_of
from deployments.states import State
from fleet.models import Device, Organization
from jobs.running import run_due
from tests.deployments.calls import call, say
from tests.make import make_actor, make_artifact, make_device, make_organization, make_release

EVERYBODY = "id==*"


def make_fleet(organization: Organization, count: int) -> list[Device]:
    return [
        make_device(organization, name=f"d{number}", device_type="board", software="old")
        for number in range(count)
    ]


def make_rollout(
    organization: Organization, *, release: Release | None = None, **facts: Any
) -> Deployment:
    """In two groups unless told otherwise; `facts` go to the plan."""
    release = release or make_artifact(make_release(organization)).release
    facts = {"name": "rollout", "query": EVERYBODY, "release": release.number} | facts
    if "groups" not in facts:
        facts.setdefault("amount", 2)
    plan = RolloutPlan(**facts)
    return create_rollout(actor=make_actor(organization), organization=organization, plan=plan)


def make_started(count: int = 4, **facts: Any) -> tuple[Deployment, list[Device]]:
    """A rollout under way over so many devices."""
    organization = facts.pop("organization", None) or make_organization()
    devices = make_fleet(organization, count)
    rollout = make_rollout(organization, **facts)
    start(actor=make_actor(organization), deployment=rollout)
    come_round()
    return rollout, devices


def come_round() -> None:
    """What the worker does every second."""
    run_rollouts()
    run_due()


def finish(rollout: Deployment, devices: Sequence[Device], state: State = State.SUCCESS) -> None:
    """Each of them calls, and reports that."""
    for device in devices:
        assert call(device) is not None
        say(device, rollout, "installing", state)


def groups(rollout: Deployment) -> list[Phase]:
    return list(Phase.objects.filter(deployment=rollout).order_by("position"))


def opened(rollout: Deployment) -> int:
    """How many groups are open."""
    return sum(group.starts_at is not None for group in groups(rollout))


def members(group: Phase) -> list[str]:
    rows = DeviceDeployment.objects.filter(phase=group).order_by("number")
    return list(rows.values_list("device_name", flat=True))


def state(rollout: Deployment) -> RolloutState:
    return state_of(rollout)
