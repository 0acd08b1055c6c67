"""Another organization's things are not there: every address with an id in it is tried."""

from typing import Any

import pytest

from api.carbonblack.openapi.document import OPERATIONS
from tests.api.carbonblack.callers import JOBS, CarbonBlack
from tests.api.carbonblack.possessions import VERSION, Possessions, possess
from tests.api.carbonblack.refusals import refused
from tests.two_organizations import kept_of

WITH_IDS = [each for each in OPERATIONS if each.path.count("{") > 1]
BODIES: dict[str, Any] = {f"PUT {JOBS}/{{job_id}}": {"name": "mine"}}


@pytest.fixture
def owner(db: None) -> CarbonBlack:
    return CarbonBlack()


@pytest.fixture
def theirs(owner: CarbonBlack) -> Possessions:
    return possess(owner)


def test_what_others_have_is_not_there(
    script: CarbonBlack, owner: CarbonBlack, theirs: Possessions
) -> None:
    before = kept_of(owner.organization)
    for operation in WITH_IDS:
        body = BODIES.get(f"{operation.method} {operation.path}", {} if operation.body else None)
        answer = script.send(operation.method, theirs.at(operation.path), body)
        assert refused(answer, 404) == ("NOT_FOUND", []), operation.path
    assert kept_of(owner.organization) == before


def test_under_their_key_nothing_is_there_at_all(
    script: CarbonBlack, owner: CarbonBlack, theirs: Possessions
) -> None:
    before = kept_of(owner.organization)
    for operation in OPERATIONS:
        path = theirs.at(operation.path).replace("{org_key}", owner.organization.key)
        answer = script.send(operation.method, path, {})
        assert refused(answer, 403) == ("FORBIDDEN", []), operation.path
    assert kept_of(owner.organization) == before


def test_their_devices_are_in_no_list_and_no_job(
    script: CarbonBlack, owner: CarbonBlack, theirs: Possessions
) -> None:
    possess(script)
    assert script.post("/_search", {}).json()["num_found"] == 1
    body = {"name": "all", "options": VERSION, "search_definition": {}}
    assert script.post("", body).json()["targeted"] == 1
    named = {"name": "one", "options": VERSION, "device_ids": theirs.known["device_id"]}
    code, args = refused(script.post("", named))
    assert (code, args) == ("SUS_4007_UNKNOWN_DEVICE", [int(theirs.known["device_id"])])
    assert script.get("/jobs/v1/orgs/{org_key}/jobs").json()["num_found"] == 1
