"""What holds when hundreds of devices call the running server at the same moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from artifacts.formats.mender_writer import write_module_artifact
from tests.server.crowd import THREADS, CallingDevice, admit, at_once, crowd
from tests.serving import Management, Server, serving

pytestmark = pytest.mark.server
FINAL = {"success", "failure", "aborted"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("crowds"), threads=8) as server:
        yield server


@pytest.fixture(scope="module")
def management(server: Server) -> Iterator[Management]:
    with Management(server) as management:
        yield management


@pytest.fixture(scope="module")
def http(server: Server) -> Iterator[httpx.Client]:
    limits = httpx.Limits(max_connections=THREADS)
    with httpx.Client(base_url=server.url, timeout=120, limits=limits) as client:
        yield client


def upload(management: Management, folder: Path, name: str) -> None:
    payload = folder / "payload.txt"
    payload.write_text(name)
    target = folder / f"{name}.mender"
    with target.open("wb") as artifact:
        write_module_artifact(
            artifact,
            name=name,
            device_types=["gateway"],
            payload_type="single-file",
            files=[("payload.txt", payload)],
        )
    management.upload(target)


def test_500_new_devices_at_once_become_exactly_500(
    http: httpx.Client, management: Management
) -> None:
    devices = crowd(http, "newcomers", 500)
    twice = [device for device in devices for _ in range(2)]
    assert set(at_once(CallingDevice.authenticate, twice)) == {401}
    macs = {device.who.mac for device in devices}
    listed = [device for page in (1, 2, 3) for device in management.devices(page)]
    ours = [device for device in listed if device["identity_data"]["mac"] in macs]
    assert len(ours) == 500
    assert {len(device["auth_sets"]) for device in ours} == {1}


def test_a_phase_of_a_tenth_of_500_admits_exactly_50(
    http: httpx.Client, management: Management, tmp_path: Path
) -> None:
    devices = crowd(http, "phased", 500)
    at_once(CallingDevice.authenticate, devices)
    ids = admit(management, devices)
    upload(management, tmp_path, "phased-1")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    deployment = management.deploy(
        "phased-1",
        [ids[device.who.mac] for device in devices],
        phases=[{"batch_size": 10}, {"start_ts": tomorrow}],
    )
    twice = [device for device in devices for _ in range(2)]
    answers = at_once(CallingDevice.poll, twice)
    codes = Counter(answer.status_code for answer in answers)
    assert set(codes) == {200, 204}
    given = {
        device.who.mac
        for device, answer in zip(twice, answers, strict=True)
        if answer.status_code == 200
    }
    assert len(given) == 50
    assert {a.json()["id"] for a in answers if a.status_code == 200} == {deployment}
    shown = management.http.get(f"/v1/deployments/deployments/{deployment}").json()
    assert shown["device_count"] == 50
    assert shown["phases"][0]["device_count"] == 50
    assert len(management.states(deployment)) == 50


def test_an_abort_that_races_reports_leaves_every_row_in_a_final_state(
    http: httpx.Client, management: Management, tmp_path: Path
) -> None:
    devices = crowd(http, "aborted", 100)
    at_once(CallingDevice.authenticate, devices)
    ids = admit(management, devices)
    upload(management, tmp_path, "aborted-1")
    deployment = management.deploy("aborted-1", [ids[d.who.mac] for d in devices])
    assert {a.status_code for a in at_once(CallingDevice.poll, devices)} == {200}

    def act(device: CallingDevice | None) -> list[int]:
        if device is None:
            return [management.abort(deployment)]
        steps = ("downloading", "installing", "success")
        return [device.report(deployment, status) for status in steps]

    results = at_once(act, [*devices[:40], None, *devices[40:]])
    codes = {code for device_codes in results for code in device_codes}
    assert codes <= {204, 409}
    states = management.states(deployment)
    assert len(states) == 100
    assert set(states.values()) <= FINAL
    told_success = [
        d
        for d, r in zip([*devices[:40], None, *devices[40:]], results, strict=True)
        if d and r[-1] == 204
    ]
    assert {states[ids[d.who.mac]] for d in told_success} <= {"success"}
    assert {device.report(deployment, "installing") for device in devices[:5]} <= {204, 409}
