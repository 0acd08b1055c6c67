"""An organization, a script that acts through Carbon Black's API, and a kit to deploy.

What the dialect answers in a test of this folder is held against its document: `recording.py`.
"""

from collections.abc import Generator
from typing import Any

import pytest

from fleet.models import Organization
from tests.api.carbonblack.answers import BOOK
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.recording import DESCRIBED, recording
from tests.api.recording import claims_of, held
from tests.make import make_organization

CLAIMS = claims_of(BOOK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from held(item, recording, DESCRIBED, BOOK, CLAIMS))


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization(key="ABCD1234")


@pytest.fixture
def script(organization: Organization) -> CarbonBlack:
    """An API key of `organization` that may everything: that of the seed's examples."""
    return CarbonBlack(organization, key_id="ABCD123456")
