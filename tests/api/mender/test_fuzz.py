"""Whatever JSON comes, nothing breaks: each answer is a documented refusal or a success."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.mender.resources import Resource
from api.mender.urls import urlpatterns
from deployments.models import Deployment
from fleet.models import Organization
from tests.api.mender.callers import Box, Person, box, error_of, person
from tests.make import make_artifact, make_deployment, make_device, make_organization, make_release

TEXTS = st.text(max_size=12) | st.sampled_from(
    ["accepted", "aborted", "success", "board", "app", "2030-01-01T00:00:00Z", "\0", "\ud800", "1"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        "name",
        "artifact_name",
        "devices",
        "all_devices",
        "phases",
        "batch_size",
        "start_ts",
        "retries",
        "status",
        "substate",
        "messages",
        "timestamp",
        "level",
        "message",
        "force_installation",
        "id",
        "group",
        "description",
        "expires_in",
        "identity_data",
        "pubkey",
        "force",
        "id_data",
        "tenant_token",
        "tier",
        "value",
        "device_provides",
        "device_type",
        "deployment_ids",
        "Status",
    ]
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=6)
PHASES = OBJECTS.map(lambda facts: {"phases": [facts]})
BODIES = VALUES | OBJECTS | st.lists(OBJECTS, max_size=3) | st.builds(dict.__or__, OBJECTS, PHASES)
WRITES = sorted(
    (method, "/" + str(pattern.pattern))
    for pattern in urlpatterns
    if isinstance(pattern.callback, Resource)
    for method in pattern.callback.views
    if method in {"POST", "PUT", "PATCH"}
    and not str(pattern.pattern).endswith(("/login", "/logout"))
)


@pytest.fixture
def world(db: None) -> tuple[Person, Box, dict[str, str]]:
    """Who calls, and ids that paths may name."""
    organization: Organization = make_organization()
    caller, device = person(organization), box(organization, group="lab")
    artifact = make_artifact(make_release(organization, name="app"))
    waiting = make_device(organization, status="pending")
    deployment: Deployment = make_deployment(
        devices=[device.device, waiting], release=artifact.release
    )
    ids = {
        "device_id": waiting.id,
        "auth_set_id": waiting.auth_sets.get().id,
        "deployment_id": deployment.id,
        "artifact_id": artifact.id,
        "name": "lab",
    }
    return caller, device, {f"<str:{name}>": str(value) for name, value in ids.items()}


@pytest.mark.parametrize(("method", "path"), WRITES)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=BODIES)
def test_nothing_breaks(world: Any, method: str, path: str, body: Any) -> None:
    person_, device, ids = world
    for name, value in ids.items():
        path = path.replace(name, value)
    caller = person_ if path.startswith("/api/management") else device
    raw = json.dumps(body).encode()
    headers = {"X_MEN_Signature": "c2lnbmF0dXJl"}
    answer = caller.call(method, path.removeprefix(caller.root + "/"), raw, **headers)
    if answer.status_code >= 300:
        error_of(answer, answer.status_code)
    assert answer.status_code < 500


@pytest.mark.parametrize("raw", [b"\xff\xfe", b'{"a": 1e400}', b"[" * 70 + b"]" * 70, b'{"a"'])
@pytest.mark.parametrize(("method", "path"), WRITES)
def test_what_cannot_be_kept_is_refused(world: Any, method: str, path: str, raw: bytes) -> None:
    person_, device, ids = world
    for name, value in ids.items():
        path = path.replace(name, value)
    caller = person_ if path.startswith("/api/management") else device
    answer = caller.call(method, path.removeprefix(caller.root + "/"), raw)
    error_of(answer, 400)
