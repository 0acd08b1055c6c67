"""Somebody who is signed in, and what stands on the pages they get."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment
from deployments.planning import PhasePlan
from fleet.models import Device, Organization, Role
from tests.make import (
    make_artifact,
    make_deployment,
    make_device,
    make_organization,
    make_release,
    make_user,
)
from tests.pages.rollouts import say

Visit = Callable[..., Client]


@pytest.fixture
def home(db: Any) -> Organization:
    return make_organization("Northquay")


@pytest.fixture
def visit(home: Organization) -> Visit:
    """A client of a member of `home` in that role."""

    def signed_in(role: Role | str = Role.ADMINISTRATOR) -> Client:
        client = Client()
        client.force_login(make_user(organization=home, role=role))
        return client

    return signed_in


@pytest.fixture
def client(visit: Visit) -> Client:
    return visit()


@pytest.fixture
def rollout(home: Organization) -> Deployment:
    """Ten devices in two phases: of the first two one has it and one failed."""
    devices = [make_device(home, name=f"gw-{n}", device_type="board") for n in range(10)]
    phases = [PhasePlan(20), PhasePlan(None, timezone.now() + timedelta(days=1))]
    deployment = make_deployment(devices=devices, phases=phases, name="Rollout 2")
    rows = deployment.device_deployments.order_by("number")
    say(rows[0], "success")
    say(rows[1], "failure", substate="disk full", has_log=True)
    return deployment


@pytest.fixture
def release(home: Organization) -> Release:
    return make_artifact(make_release(home, name="os-2"), device_types=["board"]).release


@pytest.fixture
def fleet(home: Organization, release: Release) -> list[Device]:
    """Ten devices that the release fits, the first four of them in a group."""
    return [
        make_device(home, name=f"gw-{number}", device_type="board", group="cranes" * (number < 4))
        for number in range(10)
    ]
