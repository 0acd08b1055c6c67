"""An organization, somebody who administers it through hawkBit's API, and what it has.

What the dialect answers in a test of this folder is held against its document: `recording.py`.
"""

from collections.abc import Generator
from functools import partial
from typing import Any, Protocol

import pytest

from artifacts.models import Release
from fleet.models import Device, Organization
from tests.api.hawkbit.answers import BOOK
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.recording import DESCRIBED, recording
from tests.api.recording import claims_of, held
from tests.make import make_distribution_set, make_organization, make_target

CLAIMS = claims_of(BOOK)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    return (yield from held(item, recording, DESCRIBED, BOOK, CLAIMS))


class TargetMaker(Protocol):
    def __call__(self, controller_id: str, **facts: object) -> Device: ...


class DistributionSetMaker(Protocol):
    def __call__(
        self,
        title: str = "fw",
        version: str = "1.0",
        *,
        files: dict[str, bytes] | None = None,
        **facts: object,
    ) -> Release: ...


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def hawkbit(organization: Organization) -> Hawkbit:
    """An administrator of `organization`."""
    return hawkbit_caller(organization=organization)


@pytest.fixture
def target(organization: Organization) -> TargetMaker:
    """Makes a target of `organization`, as `make_target` does."""
    return partial(make_target, organization)


@pytest.fixture
def distribution_set(organization: Organization) -> DistributionSetMaker:
    """Makes a complete distribution set of `organization`, as `make_distribution_set` does."""
    return partial(make_distribution_set, organization)
