"""An organization, somebody who administers it through Digi's API, and what it has.

What the dialect answers in a test of this folder is held against its document: `recording.py`.
"""

from collections.abc import Generator
from functools import partial
from typing import Any, Protocol

import pytest

from deployments.models import Deployment
from fleet.models import Organization
from tests.api.digi.answers import BOOK
from tests.api.digi.callers import Digi, digi_caller
from tests.api.digi.recording import DESCRIBED, recording
from tests.api.recording import claims_of, held
from tests.make import make_deployment, make_organization

CLAIMS = claims_of(BOOK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from held(item, recording, DESCRIBED, BOOK, CLAIMS))


class DeploymentMaker(Protocol):
    def __call__(self, **facts: Any) -> Deployment: ...


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def digi(organization: Organization) -> Digi:
    """An administrator of `organization`."""
    return digi_caller(organization)


@pytest.fixture
def job(organization: Organization) -> DeploymentMaker:
    """Makes a deployment of `organization`, as `make_deployment` does."""
    return partial(make_deployment, organization)
