"""A device tells how its update goes."""

from typing import Any
from uuid import UUID

import pytest

from deployments.models import Deployment
from fleet.models import Organization
from tests.api.mender.callers import Box, Person, box, error_of
from tests.make import make_deployment

UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
WORDS = [
    "downloading",
    "downloading",
    "pause_before_installing",
    "installing",
    "pause_before_rebooting",
    "rebooting",
    "pause_before_committing",
    "success",
]


@pytest.fixture
def deployment(device: Box) -> Deployment:
    deployment = make_deployment(devices=[device.device])
    assert device.poll().status_code == 200
    return deployment


def status_of(admin: Person, deployment_id: UUID) -> dict[str, Any]:
    shown = admin.get(f"v1/deployments/deployments/{deployment_id}/devices").json()
    assert len(shown) == 1
    return dict(shown[0])


def test_each_word_is_taken_and_shown(admin: Person, device: Box, deployment: Deployment) -> None:
    for word in WORDS:
        answer = device.report(deployment.id, word)
        assert (answer.status_code, answer.content) == (204, b"")
        assert status_of(admin, deployment.id)["status"] == word


@pytest.mark.parametrize("word", ["failure", "already-installed"])
def test_other_ends_are_taken(
    admin: Person, device: Box, deployment: Deployment, word: str
) -> None:
    assert device.report(deployment.id, word).status_code == 204
    assert status_of(admin, deployment.id)["status"] == word
    assert admin.get(f"v1/deployments/deployments/{deployment.id}").json()["status"] == "finished"


def test_a_substate_stays_until_another_one_is_told(
    admin: Person, device: Box, deployment: Deployment
) -> None:
    device.report(deployment.id, "installing", substate="installing.enter;script:foo-bar")
    device.report(deployment.id, "rebooting")
    assert status_of(admin, deployment.id)["substate"] == "installing.enter;script:foo-bar"
    error_of(device.report(deployment.id, "installing", substate="x" * 201), 400)
    error_of(device.report(deployment.id, "installing", substate=5), 400)


@pytest.mark.parametrize(
    "word", ["pending", "noartifact", "aborted", "decommissioned", "", "x", None, 5]
)
def test_other_words_are_refused(device: Box, deployment: Deployment, word: Any) -> None:
    error_of(device.report(deployment.id, word), 400)


@pytest.mark.parametrize("unknown", [UNKNOWN, "none"])
def test_an_unknown_deployment_is_not_found(device: Box, unknown: str) -> None:
    error_of(device.report(unknown, "success"), 404)
    path = f"v1/deployments/device/deployments/{unknown}/log"
    message = {"timestamp": "2016-03-11T13:03:17Z", "level": "INFO", "message": "OK"}
    error_of(device.put(path, {"messages": [message]}), 404)


def test_a_device_that_never_asked_has_no_part_in_it(
    organization: Organization, deployment: Deployment
) -> None:
    error_of(box(organization).report(deployment.id, "success"), 404)


def test_an_aborted_deployment_says_so(admin: Person, device: Box, deployment: Deployment) -> None:
    device.report(deployment.id, "installing")
    path = f"v1/deployments/deployments/{deployment.id}"
    assert admin.put(f"{path}/status", {"status": "aborted"}).status_code == 204
    error_of(device.report(deployment.id, "success"), 409)
    assert status_of(admin, deployment.id)["status"] == "aborted"
    assert device.poll().status_code == 204


def test_a_retried_failure_is_offered_again(admin: Person, device: Box) -> None:
    deployment = make_deployment(devices=[device.device], retries=1)
    for attempt in [1, 2]:
        assert device.poll().status_code == 200
        assert status_of(admin, deployment.id)["attempts"] == attempt
        device.report(deployment.id, "failure")
    assert device.poll().status_code == 204
    assert status_of(admin, deployment.id)["status"] == "failure"
