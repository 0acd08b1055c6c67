"""Artifacts, by the own API: what there is, descriptions, downloads, bounds."""

from typing import Any

import pytest
from django.test import Client

from artifacts.models import Artifact
from artifacts.tags import set_tags
from fleet.models import Organization, Role
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import Caller, caller
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_organization,
    make_release,
    upload_artifact,
)


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


@pytest.fixture
def admin(organization: Organization) -> Caller:
    return caller(organization=organization)


def found(admin: Caller, q: str) -> list[str]:
    answer = admin.get("/artifacts", q=q, sort="release.name", fields="release.name")
    return [item["release.name"] for item in answer.json()["items"]]


def test_an_artifact_tells_what_its_file_says(admin: Caller, organization: Organization) -> None:
    artifact = upload_artifact(organization, "os-1", device_types=["rspi", "board"])
    make_artifact()
    [shown] = admin.get("/artifacts").json()["items"]
    assert shown["id"] == str(artifact.id)
    assert (shown["release.id"], shown["release.name"]) == (str(artifact.release.id), "os-1")
    assert shown["device_types"] == ["board", "rspi"]
    assert (shown["size"], shown["sha256"]) == (artifact.size, artifact.sha256)
    assert (shown["payload_type"], shown["is_signed"]) == ("script", False)
    assert shown["provides"]["rootfs-image.script.version"] == "os-1" or shown["provides"]
    assert shown["depends"] == {"device_type": ["rspi", "board"]}
    one = admin.get(f"/artifacts/{artifact.id}").json()
    assert one["payloads"][0]["files"][0]["name"] == "install.sh"
    assert {name: one[name] for name in shown} == shown


def test_they_are_found_by_what_they_are(admin: Caller, organization: Organization) -> None:
    facts: dict[str, dict[str, Any]] = {
        "a": {"provides": {"rootfs-image.version": "1"}, "signature": "c2ln"},
        "b": {"provides": {"rootfs-image.version": "2"}, "depends": {"board": ["x", "y"]}},
        "c": {"payloads": [{"type": "docker", "files": []}], "device_types": ["rspi"]},
        "d": {"payloads": [{"type": None, "files": []}]},
    }
    for name, more in facts.items():
        make_artifact(make_release(organization, name=name), **more)
    assert found(admin, "release.name=in=(a,c)") == ["a", "c"]
    assert found(admin, "is_signed==true") == ["a"]
    assert found(admin, "provides.rootfs-image.version==2") == ["b"]
    assert found(admin, "depends.board==y") == ["b"]
    assert found(admin, "payload_type==docker") == ["c"]
    assert found(admin, "payload_type==d*") == ["c"]
    assert found(admin, "payload_type=is=null") == ["d"]
    assert found(admin, "device_types==rspi") == ["c"]


def test_a_description_is_changed(admin: Caller, organization: Organization) -> None:
    artifact = make_artifact(make_release(organization))
    path = f"/artifacts/{artifact.id}"
    answer = admin.patch(path, {"description": " for the lab "})
    assert (answer.status_code, answer.json()["description"]) == (200, " for the lab ")
    assert admin.patch(path, {}).json()["description"] == " for the lab "
    refused = admin.patch(path, {"description": "x" * 4097})
    assert (refused.status_code, refused.json()["field"]) == (400, "description")


def test_the_last_artifact_takes_its_release_along(
    admin: Caller, organization: Organization
) -> None:
    artifact = make_artifact(make_release(organization))
    assert admin.delete(f"/artifacts/{artifact.id}").status_code == 204
    assert admin.get(f"/releases/{artifact.release.id}").status_code == 404


def test_one_that_is_being_deployed_stays(admin: Caller, organization: Organization) -> None:
    make_deployment(organization, devices=[make_device(organization, device_type="board")])
    artifact = Artifact.objects.get(organization=organization)
    assert admin.delete(f"/artifacts/{artifact.id}").status_code == 409


def test_a_download_leads_to_a_link_that_needs_no_token(
    admin: Caller, organization: Organization
) -> None:
    artifact = upload_artifact(organization)
    answer = admin.get(f"/artifacts/{artifact.id}/download")
    assert answer.status_code == 302
    file = Client().get(answer["Location"])
    assert len(file.getvalue()) == artifact.size


def test_a_role_ends_at_its_tags(organization: Organization) -> None:
    near, far = (make_artifact(make_release(organization)) for _ in range(2))
    set_tags(actor=make_actor(organization), release=near.release, tags=["lab"])
    person = bounded(organization, "ManageReleases", "ReleaseTags", "lab")
    assert [item["id"] for item in person.get("/artifacts").json()["items"]] == [str(near.id)]
    for method, suffix in (("GET", ""), ("GET", "/download"), ("PATCH", ""), ("DELETE", "")):
        assert person.send(method, f"/artifacts/{far.id}{suffix}", {}).status_code == 404
    assert [item["id"] for item in person.get("/releases").json()["items"]] == [
        str(near.release.id)
    ]
    path = f"/releases/{near.release.id}"
    assert person.patch(path, {"notes": "x"}).status_code == 200
    assert person.patch(path, {"tags": []}).status_code == 403
    assert person.delete(f"/releases/{far.release.id}").status_code == 404


def test_others_see_none_of_it(organization: Organization) -> None:
    artifact, stranger = upload_artifact(organization), caller()
    assert stranger.get("/artifacts").json()["items"] == []
    for path in (f"/artifacts/{artifact.id}", f"/artifacts/{artifact.id}/download"):
        assert stranger.get(path).status_code == 404
    assert caller(Role.DEPLOYMENTS_MANAGER, organization).get("/artifacts").status_code == 403
