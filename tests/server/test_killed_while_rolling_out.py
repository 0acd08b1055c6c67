"""kill -9 of every child in turn, while simulated devices install a release."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from artifacts.formats.mender_writer import write_module_artifact
from tests.installation import Installation, installation, wait_until
from tests.serving import EMAIL, PASSWORD, Management

pytestmark = pytest.mark.server
DEVICES = 30
TYPES = ["gateway", "kiosk"]


def simulate(installed: Installation, seconds: int) -> subprocess.Popen[str]:
    arguments = {
        "--devices": DEVICES,
        "--server": installed.url,
        "--device-types": ",".join(TYPES),
        "--failure-rate": 0,
        "--poll-interval": 1,
        "--step": 0.5,
        "--seconds": seconds,
    }
    words = [str(word) for pair in arguments.items() for word in pair]
    return subprocess.Popen(
        [sys.executable, "manage.py", "simulate", *words, "--json"],
        cwd=settings.ROOT,
        env=installed.environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def upload_release(management: Management, folder: Path) -> None:
    payload = folder / "payload"
    payload.write_bytes(b"\0" * 4096)
    target = folder / "killed-1.mender"
    with target.open("wb") as artifact:
        write_module_artifact(
            artifact,
            name="killed-1",
            device_types=TYPES,
            payload_type="single-file",
            files=[("payload", payload)],
        )
    management.upload(target)


def test_no_device_loses_its_instruction_or_gets_two(tmp_path: Path) -> None:
    with installation(tmp_path, SLIPWAY_ADMIN_EMAIL=EMAIL, SLIPWAY_ADMIN_PASSWORD=PASSWORD) as ours:
        ours.start()
        simulator = simulate(ours, seconds=120)
        with simulator, Management(ours) as management:
            wait_until(lambda: len(management.devices()) == DEVICES, ours.text)
            for device in management.devices():
                management.set_status(device, "accepted")
            upload_release(management, tmp_path)
            deployment = management.deploy("killed-1", [], all_devices=True)
            for name in ("web", "worker", "scheduler"):
                time.sleep(1)
                ours.kill(name)
            wait_until(ours.is_well, ours.text)
            path = f"/v1/deployments/deployments/{deployment}"
            finished = lambda: management.http.get(path).json()["status"] == "finished"  # noqa: E731
            wait_until(finished, ours.text, 40)
            assert Counter(management.states(deployment).values()) == {"success": DEVICES}
            rows = management.http.get(f"{path}/devices").json()
            assert {row["attempts"] for row in rows} == {1}
            simulator.terminate()
            tally = json.loads(simulator.communicate(timeout=60)[0])
        assert tally["events"]["installed"] == DEVICES
