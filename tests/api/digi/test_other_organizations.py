"""Another organization's jobs are not there: every call is tried with one of theirs."""

import pytest

from api.digi.openapi.document import OPERATIONS
from deployments.models import Deployment
from tests.api.digi.callers import Digi, digi_caller, refused, told
from tests.api.digi.conftest import DeploymentMaker
from tests.make import make_device, make_organization
from tests.two_organizations import kept_of

BY_ID = [each for each in OPERATIONS if "{job_id}" in each.path]
CHANGING = [each for each in OPERATIONS if each.method != "GET" and each not in BY_ID]
READING = [
    each
    for each in OPERATIONS
    if each.method == "GET" and "/jobs/" in each.path and each not in BY_ID
]


@pytest.fixture
def theirs(digi: Digi, job: DeploymentMaker) -> Deployment:
    return job(devices=[make_device(digi.organization)], name="theirs")


@pytest.fixture
def stranger(theirs: Deployment) -> Digi:
    return digi_caller(make_organization())


@pytest.mark.parametrize("operation", BY_ID, ids=lambda each: f"{each.method} {each.path}")
def test_a_job_of_others_is_not_found(
    stranger: Digi, theirs: Deployment, operation: object
) -> None:
    method, path = operation.method, operation.path  # type: ignore[attr-defined]
    before = kept_of(theirs.organization)
    refused(stranger.send(method, path.format(job_id=theirs.number)), 404)
    assert kept_of(theirs.organization) == before


@pytest.mark.parametrize("operation", CHANGING, ids=lambda each: f"{each.method} {each.path}")
def test_no_query_reaches_jobs_of_others(
    stranger: Digi, theirs: Deployment, operation: object
) -> None:
    method, path = operation.method, operation.path  # type: ignore[attr-defined]
    before = kept_of(theirs.organization)
    for query in (
        f"id = {theirs.number}",
        "job_description = 'theirs'",
        "connection_status <> 'x'",
    ):
        answer = stranger.send(method, path, query=query.replace("'x'", "'connected'"))
        assert answer.status_code in {200, 204}
        assert not answer.content or told(answer)["count"] == 0
    assert kept_of(theirs.organization) == before


@pytest.mark.parametrize("operation", READING, ids=lambda each: each.path)
def test_no_list_has_jobs_of_others(
    digi: Digi, stranger: Digi, theirs: Deployment, operation: object
) -> None:
    def text(caller: Digi) -> bytes:
        answer = caller.get(operation.path)  # type: ignore[attr-defined]
        assert answer.status_code == 200
        return b"".join(answer) if answer.streaming else answer.content

    assert b"theirs" in text(digi)
    assert b"theirs" not in text(stranger)


def test_devices_of_others_are_not_listed(stranger: Digi, theirs: Deployment) -> None:
    assert told(stranger.get("/ws/DeviceCore"))["items"] == []
