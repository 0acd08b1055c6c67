"""A dynamic deployment on the running server: made before its devices are there."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from artifacts.formats.mender_writer import write_module_artifact
from tests.server.crowd import THREADS, CallingDevice, admit, at_once, crowd
from tests.serving import Management, Server, serving

pytestmark = pytest.mark.server
INVENTORY = "/api/devices/v1/inventory/device/attributes"
PLACES = 10


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, threads=8) as server:
        yield server


@pytest.fixture
def management(server: Server) -> Iterator[Management]:
    with Management(server) as management:
        yield management


def tell(device: CallingDevice, site: str) -> None:
    told = [{"name": "site", "value": site}, {"name": "device_type", "value": "gateway"}]
    answer = device.http.put(INVENTORY, json=told, headers=device.headers)
    assert answer.status_code == 200, answer.text


def deploy(management: Management, folder: Path) -> str:
    """To ten devices of the harbour, of which there are none yet; its id."""
    target = folder / "os-2.mender"
    with target.open("wb") as artifact:
        write_module_artifact(
            artifact, name="os-2", device_types=["gateway"], payload_type="script", files=[]
        )
    management.upload(target)
    term = {"scope": "inventory", "attribute": "site", "type": "$eq", "value": "harbour"}
    saved = management.http.post("/v2/inventory/filters", json={"name": "harbour", "terms": [term]})
    body = {
        "name": "harbour gets os-2",
        "artifact_name": "os-2",
        "filter_id": saved.headers["Location"].rsplit("/", 1)[1],
        "max_devices": PLACES,
    }
    made = management.http.post("/v2/deployments/deployments", json=body)
    assert made.status_code == 201, made.text
    return made.headers["Location"].rsplit("/", 1)[1]


def test_devices_come_to_it_until_its_places_are_taken(
    server: Server, management: Management, tmp_path: Path
) -> None:
    deployment = deploy(management, tmp_path)
    path = f"/v1/deployments/deployments/{deployment}"
    limits = httpx.Limits(max_connections=THREADS)
    with httpx.Client(base_url=server.url, timeout=120, limits=limits) as http:
        devices = crowd(http, "late", 40)
        at_once(CallingDevice.authenticate, devices)
        admit(management, devices)
        assert Counter(a.status_code for a in at_once(CallingDevice.poll, devices)) == {204: 40}
        shown = management.http.get(path).json()
        assert (shown["status"], shown["initial_device_count"]) == ("pending", 0)
        for device in devices[:30]:
            tell(device, "harbour")
        tell(devices[30], "yard")
        answers = at_once(CallingDevice.poll, [*devices, *devices])
        taken = [
            device
            for device, one, two in zip(devices, answers[:40], answers[40:], strict=True)
            if 200 in {one.status_code, two.status_code}
        ]
        assert len(taken) == PLACES
        assert set(taken) <= set(devices[:30])
        assert management.http.get(path).json()["device_count"] == PLACES
        assert set(at_once(lambda d: d.report(deployment, "success"), taken)) == {204}
        shown = management.http.get(path).json()
        assert shown["status"] == "finished"
        assert shown["statistics"]["status"]["success"] == PLACES
        assert {answer.status_code for answer in at_once(CallingDevice.poll, devices)} == {204}
