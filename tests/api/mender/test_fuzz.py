"""Whatever JSON comes, nothing breaks: each answer is a documented refusal or a success."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.mender.openapi.document import OPERATIONS
from api.mender.openapi.operations import Operation
from tests.api.mender.callers import Box, Person, box, error_of, person
from tests.make import make_artifact, make_deployment, make_release
from tests.two_organizations import two_organizations

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
        "subject",
        "details",
        "lines_before",
        "update_control_map",
    ]
)
OBJECTS = st.dictionaries(NAMES, VALUES, max_size=6)
PHASES = OBJECTS.map(lambda facts: {"phases": [facts]})
BODIES = VALUES | OBJECTS | st.lists(OBJECTS, max_size=3) | st.builds(dict.__or__, OBJECTS, PHASES)
WRITES = [
    pytest.param(operation, id=f"{operation.method} {operation.path}")
    for operation in OPERATIONS
    if operation.body and operation.body.is_json and not operation.path.endswith("/login")
]


@dataclass(frozen=True)
class Fuzzed:
    """Who calls, and what the paths may name, all in one organization."""

    person: Person
    device: Box
    ids: dict[str, str]

    def send(self, operation: Operation, raw: bytes, **headers: str) -> Any:
        path = operation.path
        for name, value in self.ids.items():
            path = path.replace(f"{{{name}}}", value)
        caller = self.device if path.startswith(self.device.root) else self.person
        return caller.call(operation.method, path.removeprefix(f"{caller.root}/"), raw, **headers)


@pytest.fixture
def fuzzed(db: None) -> Fuzzed:
    world = two_organizations()
    device = box(world.organization, group="lab")
    release = make_artifact(make_release(world.organization, name="app")).release
    deployment = make_deployment(devices=[device.device], release=release)
    ids = world.theirs | {"deployment_id": str(deployment.id)}
    return Fuzzed(person(world.organization), device, ids)


@pytest.mark.parametrize("operation", WRITES)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=BODIES)
def test_nothing_breaks(fuzzed: Fuzzed, operation: Operation, body: Any) -> None:
    raw = json.dumps(body).encode()
    answer = fuzzed.send(operation, raw, X_MEN_Signature="c2lnbmF0dXJl")
    if answer.status_code >= 300:
        error_of(answer, answer.status_code)
    assert answer.status_code < 500


@pytest.mark.parametrize("raw", [b"\xff\xfe", b'{"a": 1e400}', b"[" * 70 + b"]" * 70, b'{"a"'])
@pytest.mark.parametrize("operation", WRITES)
def test_what_cannot_be_kept_is_refused(fuzzed: Fuzzed, operation: Operation, raw: bytes) -> None:
    error_of(fuzzed.send(operation, raw), 400)
