"""A device asks for its next update; Django and the fast lane answer the same."""

import json
from typing import Any

from django.test import Client
from pytest_django import Settings

from deployments.models import DeviceDeployment
from tests.api.mender.callers import Box, error_of
from tests.api.mender.lanes import HAS, V1, ThroughDjango, ThroughTheLane, ask
from tests.make import make_artifact, make_deployment, make_release, upload_artifact


def test_there_is_nothing(way: Any, device: Box) -> None:
    answer = ask(way, device, X_MEN_RequestID="r1")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["X-MEN-RequestID"] == "r1"


def test_an_offer_looks_as_documented(way: Any, device: Box) -> None:
    release = make_release(device.device.organization, name="my app/0.1")
    artifact = make_artifact(release, device_types=["board", "rspi"])
    deployment = make_deployment(devices=[device.device], release=release)
    answer = ask(way, device, Host="fleet.example:8080")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    offer = answer.json()
    source = offer["artifact"].pop("source")
    assert source["uri"].startswith(f"http://fleet.example:8080/files/artifacts/{artifact.id}/")
    assert source["expire"].endswith("Z")
    assert offer == {
        "id": str(deployment.id),
        "artifact": {
            "id": str(artifact.id),
            "artifact_name": "my app/0.1",
            "device_types_compatible": ["board", "rspi"],
        },
    }
    assert ask(way, device).json()["id"] == offer["id"]
    assert DeviceDeployment.objects.get().attempts == 1


def test_version_1_asks_by_body_and_by_query(way: Any, device: Box) -> None:
    deployment = make_deployment(devices=[device.device])
    headers = {"Authorization": f"Bearer {device.token}"}
    posted = way.call("POST", V1, json.dumps(HAS).encode(), **headers)
    query = f"{V1}?artifact_name=old&device_type=board"
    got = way.call("GET", query, content_type="", **headers)
    assert posted.json()["id"] == got.json()["id"] == str(deployment.id)


def test_the_link_leads_to_the_file(device: Box, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://updates.example.com"
    artifact = upload_artifact(device.device.organization)
    make_deployment(devices=[device.device], release=artifact.release)
    for way in (ThroughDjango(), ThroughTheLane()):
        uri = ask(way, device).json()["artifact"]["source"]["uri"]
        assert uri.startswith("https://updates.example.com/files/")
        download = Client().get(uri.removeprefix("https://updates.example.com"))
        assert len(b"".join(download)) == artifact.size


def test_what_it_has_already_is_not_offered(way: Any, device: Box) -> None:
    deployment = make_deployment(devices=[device.device])
    has_it = {**HAS, "artifact_name": deployment.release_name}
    assert ask(way, device, has_it).status_code == 204
    assert deployment.device_deployments.get().state == "already_installed"


def test_what_does_not_fit_is_not_offered(way: Any, device: Box) -> None:
    deployment = make_deployment(devices=[device.device])
    assert ask(way, device, {**HAS, "device_type": "toaster"}).status_code == 204
    assert deployment.device_deployments.get().state == "no_artifact"


def test_a_device_that_changes_its_type_in_between_is_refused(way: Any, device: Box) -> None:
    make_deployment(devices=[device.device])
    assert ask(way, device).status_code == 200
    answer = ask(way, device, {**HAS, "device_type": "toaster"})
    assert error_of(answer, 409) == "Device provided conflicting request data"
