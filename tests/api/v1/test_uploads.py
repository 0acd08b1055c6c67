"""Artifacts come in: in a form, as a raw file to be wrapped, by a link of their own."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from artifacts.models import Artifact
from auditlog.models import AuditEntry
from fleet.models import Organization, Role
from jobs.running import run_due
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import Caller, caller
from tests.api.v1.forms import generate, named, upload
from tests.artifacts.stored import stored_files
from tests.make import make_mender_file, make_organization, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = make_mender_file("os-9")


@pytest.fixture
def organization(transactional_db: None) -> Organization:
    return make_organization()


@pytest.fixture
def admin(organization: Organization) -> Caller:
    return caller(organization=organization)


def problem(answer: Any) -> tuple[int, str, str]:
    body = answer.json()
    return answer.status_code, body["code"], body.get("field", "")


def test_an_artifact_is_uploaded(admin: Caller, organization: Organization) -> None:
    answer = upload(admin, CONTENT, description="Monday")
    assert answer.status_code == 201
    made = admin.get(answer["Location"]).json()
    assert made == answer.json()
    assert (made["release.name"], made["description"]) == ("os-9", "Monday")
    assert made["size"] == len(CONTENT)
    entry = AuditEntry.objects.of(organization.pk).first()
    assert entry
    assert (entry.action, entry.via, entry.object_id) == ("upload", "Slipway API", made["id"])


def test_what_is_wrong_with_a_file_is_said(admin: Caller, organization: Organization) -> None:
    assert problem(upload(admin, None)) == (400, "artifact_missing", "artifact")
    assert problem(upload(admin, b"garbage")) == (400, "not_an_artifact", "artifact")
    assert problem(upload(admin, CONTENT[:3000])) == (400, "truncated", "artifact")
    assert problem(upload(admin, CONTENT, description="x" * 4097))[1:] == (
        "too_long",
        "description",
    )
    assert stored_files() == []
    assert not Artifact.objects.exists()


def test_the_same_fit_twice_conflicts(admin: Caller) -> None:
    assert upload(admin, CONTENT).status_code == 201
    assert problem(upload(admin, CONTENT))[:2] == (409, "artifact_conflict")


def test_there_is_room_for_so_much(
    admin: Caller, organization: Organization, settings: Settings
) -> None:
    organization.storage_limit = len(CONTENT) - 1
    organization.save()
    assert problem(upload(admin, CONTENT))[:2] == (413, "storage_quota")
    settings.ARTIFACT_SIZE_LIMIT = len(CONTENT) - 2
    assert problem(upload(admin, CONTENT))[:2] == (413, "artifact_too_large")
    assert stored_files() == []


def test_only_who_may_add_does(organization: Organization) -> None:
    assert problem(upload(caller(Role.VIEWER, organization), CONTENT))[:2] == (403, "forbidden")
    within = bounded(organization, "ManageReleases", "ReleaseTags", "lab")
    assert problem(upload(within, CONTENT))[:2] == (403, "forbidden")
    assert stored_files() == []
    assert upload(caller(Role.CI, organization), CONTENT).status_code == 201


def test_a_session_brings_its_csrf_token_in_a_header(organization: Organization) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user(organization=organization))
    refused = browser.post("/api/v1/artifacts", {"artifact": named(CONTENT)})
    assert problem(refused)[:2] == (403, "csrf_failed")
    browser.cookies["csrftoken"] = token = "x" * 32
    sent = browser.post(
        "/api/v1/artifacts", {"artifact": named(CONTENT)}, headers={"X-CSRFToken": token}
    )
    assert sent.status_code == 201


def test_a_raw_file_becomes_an_artifact(admin: Caller) -> None:
    begun = generate(admin, description="Monday")
    assert begun.status_code == 202
    assert begun.json()["state"] == "queued"
    run_due()
    job = admin.get(begun["Location"]).json()
    assert (job["state"], job["progress"], job["kind"]) == ("done", 100, "artifacts.generate")
    made = admin.get(f"/artifacts/{job['result']['artifact']}").json()
    assert made["device_types"] == ["board", "rspi"]
    assert (made["release.id"], made["release.name"]) == (job["result"]["release"], "panel-1")
    assert "panel.conf" in [file["name"] for file in made["payloads"][0]["files"]]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"file": None}, "file"),
        ({"name": ""}, "name"),
        ({"device_types": " , "}, "device_types"),
        ({"dest_dir": "etc"}, "dest_dir"),
        ({"filename": "dest_dir"}, "filename"),
    ],
)
def test_what_makes_no_artifact_is_refused(
    admin: Caller, fields: dict[str, Any], field: str
) -> None:
    status, _, named = problem(generate(admin, **fields))
    assert (status, named) == (400, field)
    assert stored_files() == []


def test_fields_that_are_not_known_are_named(admin: Caller) -> None:
    for answer in (upload(admin, CONTENT, artifact_id="1"), generate(admin, args="{}")):
        assert problem(answer)[:2] == (400, "invalid_body")
        assert answer.json()["errors"][0]["field"] in {"artifact_id", "args"}
    assert stored_files() == []


def test_a_file_comes_by_a_link_of_its_own(admin: Caller) -> None:
    announced = admin.post("/artifact-uploads")
    assert announced.status_code == 201
    there = announced.json()
    path = there["url"].removeprefix("http://testserver")
    assert Client().put(path, CONTENT, content_type="application/octet-stream").status_code == 200
    complete = f"/artifact-uploads/{there['id']}/complete"
    begun = admin.post(complete)
    assert begun.status_code == 202
    assert problem(admin.post(complete))[:2] == (409, "upload_completed")
    run_due()
    assert admin.get(begun["Location"]).json()["state"] == "done"
    assert admin.get(f"/artifacts/{there['id']}").json()["release.name"] == "os-9"


def test_one_that_nothing_was_sent_to_is_not_complete(admin: Caller) -> None:
    there = admin.post("/artifact-uploads").json()["id"]
    complete = f"/artifact-uploads/{there}/complete"
    assert problem(admin.post(complete))[:2] == (404, "upload_not_found")
    assert problem(caller().post(complete))[:2] == (404, "upload_not_found")
