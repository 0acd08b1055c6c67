"""Whatever JSON comes, the answer is one of the dialect's own, and nothing is half written."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.carbonblack.sensors.columns import FIELDS
from api.carbonblack.words import KIT_TYPES, SensorStatus
from deployments.models import Deployment, DeviceDeployment
from fleet.models import Organization
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.possessions import Possessions, possess
from tests.api.carbonblack.refusals import refused

WORDS = [*FIELDS, *KIT_TYPES, *SensorStatus, "csv", "JSON", "asc", "DESC", "3.7.2.81", "%", "'"]
NAMES = [
    *("criteria", "query", "rows", "start", "sort", "format", "field", "order", "status"),
    *("sensor_kit_type", "version", "job_type", "name", "options", "sensor_version"),
    *("search_definition", "device_ids", "device_id", "MAC"),
]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(WORDS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)


@pytest.fixture
def possessions(script: CarbonBlack) -> Possessions:
    return possess(script)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES)
def test_any_body(
    script: CarbonBlack, possessions: Possessions, organization: Organization, body: dict[str, Any]
) -> None:
    for path in ("/_search", "/{job_id}/sensors/_search", "/{job_id}/sensors/_export", ""):
        jobs, rows = Deployment.objects.count(), DeviceDeployment.objects.count()
        answer = script.post(possessions.at(path), body)
        if answer.status_code not in {200, 202}:
            refused(answer)
            assert (Deployment.objects.count(), DeviceDeployment.objects.count()) == (jobs, rows)
