"""An appliance that takes any file, one that speaks Mender's language, and who calls them.

What the dialect answers in a test of this folder is held against its document: `recording.py`.
"""

from collections.abc import Generator
from typing import Any

import pytest

from fleet.models import Device, Organization
from tests.api.npm.answers import BOOK
from tests.api.npm.callers import Npm, npm_caller
from tests.api.npm.recording import DESCRIBED, recording
from tests.api.recording import claims_of, held
from tests.make import make_device, make_organization, make_target

CLAIMS = claims_of(BOOK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from held(item, recording, DESCRIBED, BOOK, CLAIMS))


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def device(organization: Organization) -> Device:
    """It speaks hawkBit's device language (DDI)."""
    return make_target(organization, "probe", device_type="AR11")


@pytest.fixture
def board(organization: Organization) -> Device:
    """It speaks Mender's."""
    return make_device(organization, device_type="board", software="old")


@pytest.fixture
def npm(device: Device) -> Npm:
    """A release manager at `device`."""
    return npm_caller(device)
