"""A rollout in phases, with failures and with processes killed: at its end the sums are right."""

import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from artifacts.formats.mender_writer import write_module_artifact
from config.simulation.identity import identity
from tests.installation import Installation, installation, wait_until
from tests.pages.reading import words
from tests.server.crowd import THREADS, CallingDevice, admit, at_once
from tests.serving import EMAIL, PASSWORD, Management

pytestmark = pytest.mark.server
DEVICES = 300
SHARES = (20, 30, 50)
QUOTAS = [DEVICES * share // 100 for share in SHARES]
APART = 6  # seconds between the phases
RETRIES = 2
FAILURES = 0.1
BROKEN = "00"  # so end the serial numbers of three
NAME = "rollout-1"
R = TypeVar("R")
ROWS = """
import json
from deployments.models import DeviceDeployment
rows = DeviceDeployment.objects.order_by("number")
print(json.dumps(list(rows.values_list("device_ref", "state", "attempts", "phase__position"))))
"""


class Tried(CallingDevice):
    """It fails once in ten attempts, some always; it calls again when a call breaks off."""

    tries = 0
    is_well = False

    def take_part(self) -> None:
        """Ask, and do what there is to do."""
        answer = insist(self.poll)
        if answer.status_code == 204:
            return
        self.tries += 1
        luck = random.Random(f"{self.who.serial}/{self.tries}").random()
        self.is_well = luck >= FAILURES and not self.who.serial.endswith(BROKEN)
        for status in ("downloading", "installing", "success" if self.is_well else "failure"):
            assert insist(lambda: self.report(answer.json()["id"], status)) == 204  # noqa: B023

    @property
    def is_done(self) -> bool:
        return self.is_well or self.tries > RETRIES


def insist(call: Callable[[], R]) -> R:
    for _ in range(100):
        with contextlib.suppress(httpx.TransportError):
            return call()
        time.sleep(0.2)
    return call()


def run(devices: Sequence[Tried]) -> None:
    """All of them take part, again and again, until each has installed it or failed for good."""
    while left := [device for device in devices if not device.is_done]:
        before = sum(device.tries for device in left)
        at_once(Tried.take_part, left)
        if sum(device.tries for device in left) == before:
            time.sleep(0.5)


def upload(management: Management, folder: Path) -> None:
    path = folder / f"{NAME}.mender"
    with path.open("w+b") as target:
        files = [("payload", BytesIO(NAME.encode()))]
        write_module_artifact(
            target, name=NAME, device_types=["gateway"], payload_type="script", files=files
        )
    management.upload(path)


def planned(begin: datetime) -> list[dict[str, Any]]:
    """The first phase opens at once, each other some seconds after the one before it."""
    return [
        {"batch_size": share} | ({"start_ts": opening(begin, number).isoformat()} if number else {})
        for number, share in enumerate(SHARES)
    ]


def opening(begin: datetime, number: int) -> datetime:
    return begin + timedelta(seconds=number * APART)


class Watched:
    """A deployment looked at again and again: what must hold all along is asked for each time."""

    def __init__(self, management: Management, deployment: str, begin: datetime) -> None:
        self.http = management.http
        self.path = f"/v1/deployments/deployments/{deployment}"
        self.begin = begin

    def shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = self.http.get(self.path).json()
        asked = [phase["device_count"] for phase in shown["phases"]]
        open_now = [opening(self.begin, number) <= datetime.now(UTC) for number in range(3)]
        assert all(count <= quota for count, quota in zip(asked, QUOTAS, strict=True)), asked
        assert all(is_open or not count for count, is_open in zip(asked, open_now, strict=True))
        return shown

    def statistics(self) -> dict[str, int]:
        counted: dict[str, int] = self.http.get(f"{self.path}/statistics").json()
        return counted

    def has_asked(self, number: int) -> bool:
        """Whether some device of that phase has its instruction."""
        return bool(self.shown()["phases"][number]["device_count"])

    def is_finished(self) -> bool:
        return bool(self.shown()["status"] == "finished")

    def devices(self) -> list[dict[str, Any]]:
        query = {"per_page": "500"}
        found: list[dict[str, Any]] = self.http.get(f"{self.path}/devices", params=query).json()
        return found


def page_of(here: Installation, deployment: str) -> str:
    """What the dashboard says of it."""
    with httpx.Client(base_url=here.url, follow_redirects=True, timeout=30) as browser:
        browser.get("/sign-in/")
        form = {"username": EMAIL, "password": PASSWORD}
        form["csrfmiddlewaretoken"] = browser.cookies["csrftoken"]
        browser.post("/sign-in/", data=form)
        return words(browser.get(f"/deployments/{deployment}/"))


def test_a_rollout_in_phases_adds_up_whatever_is_killed(tmp_path: Path) -> None:
    with installation(tmp_path, SLIPWAY_ADMIN_PASSWORD=PASSWORD) as here:
        here.start()
        limits = httpx.Limits(max_connections=THREADS)
        with (
            Management(here) as management,
            httpx.Client(base_url=here.url, timeout=60, limits=limits) as http,
            ThreadPoolExecutor(1) as background,
        ):
            devices = [Tried(http, identity("rollout", n, ["gateway"])) for n in range(DEVICES)]
            assert set(at_once(Tried.authenticate, devices)) == {401}
            ids = list(admit(management, devices).values())
            upload(management, tmp_path)
            begin = datetime.now(UTC)
            deployment = management.deploy(NAME, ids, phases=planned(begin), retries=RETRIES)
            watched = Watched(management, deployment, begin)
            running = background.submit(run, devices)
            for number, killed in ((0, "web"), (1, "worker")):
                wait_until(lambda: watched.has_asked(number), here.text)  # noqa: B023
                here.kill(killed)
                wait_until(here.is_well, here.text)
            running.result(timeout=60)
            wait_until(watched.is_finished, lambda: f"{watched.shown()}\n{here.text()}")
            check(here, watched, devices)
        rows = json.loads(here.manage("shell", "-v0", "-c", ROWS))
        assert len({device for device, *_ in rows}) == len(rows) == DEVICES
        assert {attempts for *_, attempts, _ in rows} <= {1, 2, 3}
        assert {attempts for _, state, attempts, _ in rows if state == "failure"} <= {3}
        assert [Counter(row[3] for row in rows)[number] for number in range(3)] == QUOTAS


def check(here: Installation, watched: Watched, devices: Sequence[Tried]) -> None:
    """All that tell of it tell the same."""
    statistics = watched.statistics()
    assert sum(statistics.values()) == DEVICES
    failed = sum(device.tries > RETRIES and not device.is_well for device in devices)
    assert (statistics["success"], statistics["failure"]) == (DEVICES - failed, failed)
    assert failed >= 3
    listed = watched.devices()
    assert Counter(device["status"] for device in listed) == +Counter(statistics)
    assert {device["attempts"] for device in listed} <= {1, 2, 3}
    assert max(device["attempts"] for device in listed) > 1
    shown = watched.shown()
    assert (shown["device_count"], shown["statistics"]["status"]) == (DEVICES, statistics)
    assert [phase["device_count"] for phase in shown["phases"]] == QUOTAS
    page = page_of(here, shown["id"])
    assert f"Installed {statistics['success']} " in page
    assert f"Failed {statistics['failure']} " in page
    assert "In progress 0 0" in page
