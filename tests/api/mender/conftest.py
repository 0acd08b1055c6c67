"""One organization with someone in charge of it and one accepted device."""

from typing import Any

import pytest

from fleet.models import Organization
from tests.api.mender.callers import Box, Caller, Person, box, person, stranger
from tests.api.mender.lanes import ThroughDjango, ThroughTheLane
from tests.make import make_organization


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def admin(organization: Organization) -> Person:
    return person(organization)


@pytest.fixture
def device(organization: Organization) -> Box:
    return box(organization)


@pytest.fixture
def caller(db: None) -> Caller:
    """Some device, known or not."""
    return stranger("/api/devices")


@pytest.fixture(params=[ThroughDjango, ThroughTheLane])
def way(request: pytest.FixtureRequest) -> Any:
    """Through Django, and through the lane in front of it: both answer the same."""
    return request.param()
