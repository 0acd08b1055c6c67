"""An organization, a script that acts through Carbon Black's API, and a kit to deploy.

What the dialect answers in a test of this folder is held against its document: `recording.py`.
"""

from collections.abc import Generator
from typing import Any

import pytest

from fleet.models import Organization
from tests.api.answers import Key
from tests.api.carbonblack.answers import BOOK
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.recording import DESCRIBED, recording
from tests.api.recording import FOLDER, name_of, note
from tests.make import make_organization

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
    assert not missing, f"docs/carbonblack.md names this test for {sorted(missing)}"
    return result


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization(key="ABCD1234")


@pytest.fixture
def script(organization: Organization) -> CarbonBlack:
    """An API key of `organization` that may everything: that of the seed's examples."""
    return CarbonBlack(organization, key_id="ABCD123456")
