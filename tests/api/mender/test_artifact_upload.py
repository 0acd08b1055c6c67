"""Artifacts come in; what is none, too large or there already is refused."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from artifacts.models import Artifact
from fleet.models import Organization
from tests.api.mender.callers import Person, error_of
from tests.make import (
    make_mender_file,
)

ARTIFACTS = "v1/deployments/artifacts"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def upload(admin: Person, content: bytes | None, *, field: str = "artifact", **fields: str) -> Any:
    file = {} if content is None else {field: SimpleUploadedFile("a.mender", content)}
    return admin.client.post(
        f"{admin.root}/{ARTIFACTS}",
        {**fields, **file},
        headers={"Authorization": f"Bearer {admin.token}"},
    )


def test_an_upload_becomes_an_artifact(admin: Person) -> None:
    content = make_mender_file("my-app-0.1", device_types=["board", "rspi"])
    answer = upload(admin, content, size=str(len(content)), description="Monday's build")
    assert (answer.status_code, answer.content) == (201, b"")
    path = answer.headers["Location"].removeprefix("/api/management/")
    shown = admin.get(path).json()
    assert path == f"{ARTIFACTS}/{shown['id']}"
    assert (shown["name"], shown["description"]) == ("my-app-0.1", "Monday's build")
    assert (shown["size"], shown["device_types_compatible"]) == (len(content), ["board", "rspi"])


def test_an_upload_may_bring_its_id_and_spell_fields_as_it_likes(admin: Person) -> None:
    content = make_mender_file()
    answer = upload(admin, content, field="Artifact", Artifact_Id=UNKNOWN, Description="d")
    assert answer.headers["Location"].endswith(f"/{UNKNOWN}")
    assert admin.get(f"{ARTIFACTS}/{UNKNOWN}").json()["description"] == "d"
    error_of(upload(admin, make_mender_file("another"), artifact_id=UNKNOWN), 409)
    error_of(upload(admin, make_mender_file("another"), artifact_id="mine"), 400)


def test_what_is_no_artifact_is_refused(admin: Person) -> None:
    good = make_mender_file()
    assert "does not contain" in error_of(upload(admin, None, description="x"), 400)
    damaged = good.replace(b"manifest", b"manifesto", 1)
    for content in [b"", b"garbage", good[:3000], damaged]:
        error_of(upload(admin, content), 400)
    error_of(upload(admin, good, description="x" * 4097), 400)
    error_of(upload(admin, good, description="a\0b"), 400)
    error_of(admin.post(ARTIFACTS, b"not a form", content_type="text/plain"), 400)
    error_of(admin.post(ARTIFACTS, b"--x", content_type="multipart/form-data; boundary=x"), 400)
    error_of(admin.post(ARTIFACTS, b"--x", content_type="multipart/form-data"), 400)
    assert not Artifact.objects.exists()


def test_the_same_fit_twice_conflicts(admin: Person) -> None:
    assert upload(admin, make_mender_file(device_types=["arm1", "arm2"])).status_code == 201
    assert upload(admin, make_mender_file(device_types=["arm4"])).status_code == 201
    answer = upload(admin, make_mender_file(device_types=["arm2", "arm3"]))
    text = error_of(answer, 409)
    assert text == "An artifact with the same name has conflicting dependencies"
    assert answer.json()["metadata"] == {"conflict": [{"device_type": "arm2"}]}


def test_too_large_is_too_large(
    admin: Person, organization: Organization, settings: Settings
) -> None:
    content = make_mender_file()
    organization.storage_limit = len(content) - 1
    organization.save()
    error_of(upload(admin, content), 413)
    organization.storage_limit = None
    organization.save()
    settings.ARTIFACT_SIZE_LIMIT = len(content) - 1
    assert error_of(upload(admin, content), 413) == "Artifact file too large"
