"""An artifact comes by a link of its own: announced, sent, completed."""

from typing import Any
from uuid import uuid4

import pytest

from artifacts.models import Artifact
from fleet.models import Organization, Role
from jobs.models import Job
from jobs.running import run_due
from tests.api.mender.audit import entries
from tests.api.mender.callers import Person, error_of, person, stranger
from tests.make import make_mender_file

DIRECT = "v1/deployments/artifacts/directupload"
CONTENT = make_mender_file("os-9")


def announced(admin: Person) -> dict[str, Any]:
    answer = admin.post(DIRECT)
    assert answer.status_code == 200
    shown: dict[str, Any] = answer.json()
    return shown


def put(upload: dict[str, Any], content: bytes = CONTENT) -> int:
    path = upload["uri"].removeprefix("http://testserver/")
    answer = stranger("").call(upload["method"], path, content, content_type="", **upload["header"])
    return int(answer.status_code)


def test_it_says_where_and_until_when(admin: Person) -> None:
    upload = announced(admin)
    assert set(upload) == {"id", "uri", "expire", "method", "header"}
    assert upload["uri"].startswith(f"http://testserver/files/uploads/{upload['id']}?")
    assert (upload["method"], upload["header"]) == ("PUT", {})
    assert upload["expire"].endswith("Z")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("body", [b"", b'{"size": 1, "updates": []}', b"no JSON"])
def test_what_is_sent_and_completed_becomes_an_artifact(admin: Person, body: bytes) -> None:
    upload = announced(admin)
    assert put(upload) == 200
    answer = admin.post(f"{DIRECT}/{upload['id']}/complete", body)
    assert (answer.status_code, answer.content) == (202, b"")
    run_due()
    assert admin.get(f"v1/deployments/artifacts/{upload['id']}").json()["name"] == "os-9"
    [entry] = [each for each in entries(admin) if each["action"] == "upload"]
    assert entry["actor"]["type"] == "user"


@pytest.mark.django_db(transaction=True)
def test_completing_again_conflicts(admin: Person) -> None:
    upload = announced(admin)
    put(upload)
    path = f"{DIRECT}/{upload['id']}/complete"
    assert admin.post(path).status_code == 202
    error_of(admin.post(path), 409)
    run_due()
    error_of(admin.post(path), 409)
    assert Artifact.objects.count() == Job.objects.count() == 1


def test_what_was_not_sent_cannot_be_completed(admin: Person) -> None:
    error_of(admin.post(f"{DIRECT}/{announced(admin)['id']}/complete"), 404)
    error_of(admin.post(f"{DIRECT}/{uuid4()}/complete"), 404)
    error_of(admin.post(f"{DIRECT}/none/complete"), 404)


@pytest.mark.django_db(transaction=True)
def test_nobody_else_can_complete_it(admin: Person, organization: Organization) -> None:
    upload = announced(admin)
    put(upload)
    path = f"{DIRECT}/{upload['id']}/complete"
    error_of(person().post(path), 404)
    error_of(person(organization, Role.OPERATOR).post(path), 403)
    error_of(person(organization, Role.OPERATOR).post(DIRECT), 403)
    assert person(organization, Role.CI).post(path).status_code == 202
