"""The log a device sends, and how a person reads it."""

import json
from typing import Any

import pytest

from deployments.models import Deployment
from tests.api.mender.callers import Box, Person, error_of
from tests.make import make_deployment

FIRST = {"timestamp": "2016-03-11T13:03:17.063493443Z", "level": "INFO", "message": "OK"}
SECOND = {"timestamp": "2016-03-11T14:03:18+01:00", "level": "error", "message": "no: naïve ✗"}


@pytest.fixture
def deployment(device: Box) -> Deployment:
    deployment = make_deployment(devices=[device.device])
    assert device.poll().status_code == 200
    return deployment


def send(device: Box, deployment: Deployment, body: Any) -> Any:
    return device.put(f"v1/deployments/device/deployments/{deployment.id}/log", body)


def read(admin: Person, device: Box, deployment: Deployment) -> Any:
    path = f"v1/deployments/deployments/{deployment.id}/devices/{device.device.id}/log"
    return admin.get(path)


def test_a_log_is_lines_of_text(admin: Person, device: Box, deployment: Deployment) -> None:
    answer = send(device, deployment, {"messages": [FIRST, SECOND]})
    assert (answer.status_code, answer.content) == (204, b"")
    log = read(admin, device, deployment)
    assert log.headers["Content-Type"].startswith("text/plain")
    first, second = log.content.decode().splitlines()
    assert first == "2016-03-11T13:03:17.063493443Z INFO: OK"
    assert second.startswith("2016-03-11T13:03:18")
    assert second.endswith(": no: naïve ✗")


def test_a_newer_log_replaces_the_old_one(
    admin: Person, device: Box, deployment: Deployment
) -> None:
    send(device, deployment, {"messages": [FIRST, SECOND]})
    send(device, deployment, {"Messages": [FIRST]})
    assert len(read(admin, device, deployment).content.splitlines()) == 1


def test_there_is_none_until_it_is_sent(admin: Person, device: Box, deployment: Deployment) -> None:
    path = f"v1/deployments/deployments/{deployment.id}/devices"
    error_of(read(admin, device, deployment), 404)
    error_of(admin.get(f"{path}/nobody/log"), 404)
    assert admin.get(path).json()[0]["log"] is False
    send(device, deployment, {"messages": [FIRST]})
    assert admin.get(path).json()[0]["log"] is True


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"messages": None},
        {"messages": {}},
        {"messages": []},
        {"messages": [1]},
        {"messages": [{}]},
        {"messages": [FIRST | {"message": None}]},
        {"messages": [FIRST | {"level": 5}]},
        {"messages": [FIRST | {"timestamp": "yesterday"}]},
        {"messages": [FIRST | {"timestamp": "2016-02-31T00:00:00Z"}]},
    ],
)
def test_a_malformed_log_is_refused(device: Box, deployment: Deployment, body: Any) -> None:
    error_of(send(device, deployment, body), 400)


def test_a_log_over_the_limit_is_refused(device: Box, deployment: Deployment) -> None:
    huge = {"messages": [FIRST | {"message": "x" * 1024 * 1024}]}
    error_of(send(device, deployment, huge), 413)


@pytest.mark.parametrize("bad", [b"\\u0000", b"\\ud800", b"\xff"])
def test_what_no_database_keeps_does_not_cost_the_log(
    admin: Person, device: Box, deployment: Deployment, bad: bytes
) -> None:
    body = json.dumps({"messages": [FIRST, FIRST | {"message": "~printed"}]}).encode()
    answer = send(device, deployment, body.replace(b"~", bad))
    assert answer.status_code == 204
    assert (
        read(admin, device, deployment).content.decode().splitlines()[1].endswith("\ufffdprinted")
    )


@pytest.mark.parametrize("body", [b'{"messages": [\xff', b'{"messages": NaN}', b"[" * 5000])
def test_mending_makes_no_log_of_what_is_none(
    device: Box, deployment: Deployment, body: bytes
) -> None:
    error_of(send(device, deployment, body), 400)
