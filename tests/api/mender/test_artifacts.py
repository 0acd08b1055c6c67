"""Artifacts are looked at, described, linked and deleted."""

from django.test import Client

from fleet.models import Organization
from tests.api.mender.callers import Box, Person, error_of
from tests.make import (
    make_artifact,
    make_deployment,
    make_release,
    upload_artifact,
)

ARTIFACTS = "v1/deployments/artifacts"
UNKNOWN = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_an_artifact_looks_as_documented(admin: Person, organization: Organization) -> None:
    artifact = upload_artifact(organization, "app", metadata={"a": [1]}, payload=b"0123456789")
    shown = admin.get(f"{ARTIFACTS}/{artifact.id}").json()
    assert shown.pop("modified").endswith("Z")
    [update] = shown.pop("updates")
    [file] = update["files"]
    assert len(file.pop("checksum")) == 64
    assert file.pop("date").endswith("Z")
    assert file == {"name": "install.sh", "size": 10}
    assert update["type_info"] == {"type": "script"}
    assert update["metadata"] == {"a": [1]}
    assert update["meta_data"] == [{"Key": "a", "Value": [1]}]
    assert shown.pop("artifact_provides")["artifact_name"] == "app"
    assert shown.pop("clears_artifact_provides")
    del shown["id"]
    assert shown == {
        "name": "app",
        "description": "",
        "device_types_compatible": ["board"],
        "info": {"format": "mender", "version": 3},
        "signed": False,
        "artifact_depends": {"device_type": ["board"]},
        "size": artifact.size,
    }


def test_metadata_that_is_empty_is_left_out_of_the_older_place(
    admin: Person, organization: Organization
) -> None:
    make_artifact(make_release(organization))
    [shown] = admin.get(ARTIFACTS).json()
    assert shown["updates"][0] == {"type_info": {"type": "script"}, "files": None, "metadata": {}}


def test_the_storage_in_use_is_told(admin: Person, organization: Organization) -> None:
    path = "v1/deployments/limits/storage"
    assert admin.get(path).json() == {"limit": 0, "usage": 0}
    organization.storage_limit = 1073741824
    organization.save()
    artifact = upload_artifact(organization)
    assert admin.get(path).json() == {"limit": 1073741824, "usage": artifact.size}


def test_a_link_leads_to_the_file(admin: Person, organization: Organization) -> None:
    artifact = upload_artifact(organization)
    link = admin.get(f"{ARTIFACTS}/{artifact.id}/download", Host="fleet.example").json()
    assert link["uri"].startswith("http://fleet.example/files/artifacts/")
    assert link["expire"].endswith("Z")
    download = Client().get(link["uri"].removeprefix("http://fleet.example"))
    assert len(b"".join(download)) == artifact.size


def test_a_description_changes_until_a_device_has_the_artifact(
    admin: Person, organization: Organization, device: Box
) -> None:
    artifact = make_artifact(make_release(organization))
    path = f"{ARTIFACTS}/{artifact.id}"
    assert admin.put(path, {"description": "Some description"}).status_code == 204
    assert admin.get(path).json()["description"] == "Some description"
    for body in [{"description": "x" * 4097}, {"description": 5}, []]:
        error_of(admin.put(path, body), 400)
    make_deployment(devices=[device.device], release=artifact.release)
    device.poll()
    error_of(admin.put(path, {"description": "another"}), 422)


def test_an_artifact_in_use_stays(admin: Person, organization: Organization, device: Box) -> None:
    artifact = upload_artifact(organization)
    deployment = make_deployment(devices=[device.device], release=artifact.release)
    path = f"{ARTIFACTS}/{artifact.id}"
    assert error_of(admin.delete(path), 409) == "Artifact is used in active deployment"
    admin.put(f"v1/deployments/deployments/{deployment.id}/status", {"status": "aborted"})
    assert admin.delete(path).status_code == 204
    error_of(admin.delete(path), 404)


def test_what_is_unknown_is_not_found(admin: Person) -> None:
    for path in [f"{ARTIFACTS}/{UNKNOWN}", f"{ARTIFACTS}/{UNKNOWN}/download"]:
        error_of(admin.get(path), 404)
        error_of(admin.get(path.replace(UNKNOWN, "none")), 400)
    error_of(admin.put(f"{ARTIFACTS}/{UNKNOWN}", {"description": "d"}), 404)
    error_of(admin.put(f"{ARTIFACTS}/none", {"description": "d"}), 400)
    error_of(admin.delete(f"{ARTIFACTS}/{UNKNOWN}"), 404)
    error_of(admin.delete(f"{ARTIFACTS}/none"), 404)
