"""A target with its token, and a distribution set with one file for it."""

import pytest

from artifacts.models import Release
from fleet.models import Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, controller
from tests.make import make_distribution_set, make_target

CONTENT = bytes(range(256)) * 8


@pytest.fixture
def device(organization: Organization) -> Device:
    return make_target(organization, "dev-1")


@pytest.fixture
def box(device: Device) -> Controller:
    return controller(device)


@pytest.fixture
def release(organization: Organization) -> Release:
    return make_distribution_set(organization, "fw", "2.0", files={"a.bin": CONTENT})
