"""An organization, somebody who administers it through Digi's API, and what it has.

What the dialect answers in a test of this folder is held against its document: `recording.py`.
"""

from collections.abc import Generator
from functools import partial
from typing import Any, Protocol

import pytest

from deployments.models import Deployment
from fleet.models import Organization
from tests.api.answers import Key
from tests.api.digi.answers import BOOK
from tests.api.digi.callers import Digi, digi_caller
from tests.api.digi.recording import DESCRIBED, recording
from tests.api.recording import FOLDER, name_of, note
from tests.make import make_deployment, make_organization

# A run that is to find out who provokes what holds nobody to what the page says so far.
CLAIMS = {} if FOLDER else BOOK.claims()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    with recording() as seen:
        result = yield
    DESCRIBED.check(seen)
    note(item, seen)
    provoked = {Key(given.method, given.path, given.status) for given in seen}
    missing = CLAIMS.get(name_of(item.nodeid), set()) - provoked
    assert not missing, f"docs/digi.md names this test for {sorted(missing)}"
    return result


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
