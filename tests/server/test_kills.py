"""kill -9 of one process after another while devices are being updated."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from artifacts.formats.mender_writer import write_module_artifact
from tests.installation import PROGRAMS, Installation, installation, wait_until
from tests.serving import PASSWORD, Management

pytestmark = pytest.mark.server
DEVICES = 20
TYPES = ["gateway", "kiosk", "scanner"]
ENQUEUE = """
from deployments.aborting import TIDY
from jobs.queue import enqueue
for _ in range(20):
    enqueue(TIDY, {"deployment": 0, "after": 0})
"""
COUNT = """
import json
from deployments.models import DeviceDeployment
from jobs.models import Job
parts = DeviceDeployment.objects.order_by("number")
jobs = Job.objects.exclude(kind="jobs.sweep").order_by("id")
print(json.dumps({
    "parts": list(parts.values_list("state", "attempts")),
    "devices": parts.values("deployment", "device").distinct().count(),
    "jobs": list(jobs.values_list("state", flat=True)),
}))
"""


@contextmanager
def simulation(here: Installation) -> Iterator[Callable[[], dict[str, int]]]:
    """Devices that live while this is open; call it to end them and to hear what they did."""
    process = subprocess.Popen(
        [
            *(sys.executable, "manage.py", "simulate", "--server", here.url),
            *("--devices", str(DEVICES)),
            *("--failure-rate", "0", "--poll-interval", "0.5", "--step", "1.5", "--json"),
        ],
        cwd=settings.ROOT,
        env=here.environment,
        stdout=subprocess.PIPE,
        text=True,
    )

    def end() -> dict[str, int]:
        process.terminate()
        tally = json.loads(process.communicate(timeout=60)[0])
        events: dict[str, int] = tally["events"]
        return events

    try:
        yield end
    finally:
        process.kill()
        process.communicate()


def release(folder: Path, name: str) -> Path:
    path = folder / f"{name}.mender"
    with path.open("w+b") as target:
        files = [("payload", BytesIO(name.encode()))]
        write_module_artifact(
            target, name=name, device_types=TYPES, payload_type="script", files=files
        )
    return path


def accepted(management: Management) -> list[str]:
    """The ids of all devices, once they are here; those that wait outside are let in."""
    devices = management.http.get("/v2/devauth/devices", params={"per_page": 100}).json()
    for device in devices:
        if device["status"] == "pending":
            management.set_status(device, "accepted")
    return [device["id"] for device in devices]


def test_no_instruction_is_lost_or_given_twice(tmp_path: Path) -> None:
    with installation(tmp_path, SLIPWAY_ADMIN_PASSWORD=PASSWORD) as here:
        here.start()
        with Management(here) as management, simulation(here) as end:
            wait_until(lambda: len(accepted(management)) == DEVICES, here.text)
            devices = accepted(management)
            management.upload(release(tmp_path, "first"))
            deployment = management.deploy("first", devices)
            here.manage("shell", "-v0", "-c", ENQUEUE)
            for name in PROGRAMS:
                here.kill(name)
                wait_until(here.is_well, here.text)
            states = management.states
            wait_until(lambda: set(states(deployment).values()) == {"success"}, here.text)
            # The answer to the last report may be on its way still when the devices are ended.
            assert DEVICES - 1 <= end()["installed"] <= DEVICES
        left = json.loads(here.manage("shell", "-v0", "-c", COUNT))
        assert left["parts"] == [["success", 1]] * DEVICES
        assert left["devices"] == DEVICES
        assert left["jobs"] == ["done"] * 20


def begin_upload(here: Installation, management: Management) -> socket.socket:
    """The first megabyte of an artifact, and no more."""
    host, port = here.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    part = 'Content-Disposition: form-data; name="artifact"; filename="a.mender"'
    body = f"--end\r\n{part}\r\n\r\n".encode() + b"\0" * 2**20
    connection.sendall(
        b"POST /api/management/v1/deployments/artifacts HTTP/1.1\r\nHost: localhost\r\n"
        + f"Authorization: {management.http.headers['Authorization']}\r\n".encode()
        + b"Content-Type: multipart/form-data; boundary=end\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%s\r\n" % (len(body), body)
    )
    return connection


def test_what_was_uploading_goes_with_the_worker_that_is_killed(tmp_path: Path) -> None:
    with installation(tmp_path, SLIPWAY_ADMIN_PASSWORD=PASSWORD) as here:
        here.start()
        folder = Path(here.environment["SLIPWAY_DATA"]) / "artifacts"
        with Management(here) as management, begin_upload(here, management):
            wait_until(lambda: any(folder.glob("*/*")), here.text)
            web = str(here.child("web"))
            killed = subprocess.run(["pkill", "-KILL", "-P", web], check=False)
            assert killed.returncode == 0
            wait_until(lambda: here.is_well() and not any(folder.glob("*/*")), here.text, 30)
