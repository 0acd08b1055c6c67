"""One organization with someone in charge of it and one accepted device.

What the dialect answers in a test of this folder is held against its document: `recording.py`.
"""

from collections.abc import Generator
from typing import Any

import pytest

from fleet.models import Organization
from tests.api.mender.answers import BOOK
from tests.api.mender.callers import Box, Caller, Person, box, person, stranger
from tests.api.mender.lanes import ThroughDjango, ThroughTheLane
from tests.api.mender.recording import DESCRIBED, recording
from tests.api.recording import claims_of, held
from tests.make import make_organization

CLAIMS = claims_of(BOOK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from held(item, recording, DESCRIBED, BOOK, CLAIMS))


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
