"""One organization with someone in charge of it and one accepted device."""

import pytest

from fleet.models import Organization
from tests.api.mender.callers import Box, Person, box, person
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
