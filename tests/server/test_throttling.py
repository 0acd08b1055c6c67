"""The running server slows down whoever floods it, and nobody else."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from tests.config.test_environment import documented
from tests.server.crowd import CallingDevice, admit, crowd
from tests.serving import Management, serving

pytestmark = pytest.mark.server
R = TypeVar("R")


def test_a_flood_is_stopped_until_it_ebbs(tmp_path: Path) -> None:
    with (
        serving(tmp_path, SLIPWAY_DEVICE_RATE="60") as server,
        Management(server) as management,
        httpx.Client(base_url=server.url, timeout=30) as http,
    ):
        flooding, calm = admitted(http, management, 2)
        answers = at_once(flooding.poll, 100)
        assert {answer.status_code for answer in answers} == {204, 429}
        assert 60 <= sum(answer.status_code == 204 for answer in answers) < 100
        assert calm.poll().status_code == 204
        waits = {int(a.headers["Retry-After"]) for a in answers if a.status_code == 429}
        time.sleep(max(waits))
        assert flooding.poll().status_code == 204


def test_what_real_devices_do_is_no_flood(tmp_path: Path) -> None:
    """With the limits as delivered: bursts of reports, all of them from one address."""
    defaults = {name: value for name, value in documented().items() if name.endswith("_RATE")}
    with (
        serving(tmp_path, **defaults) as server,
        Management(server) as management,
        httpx.Client(base_url=server.url, timeout=30) as http,
    ):
        devices = admitted(http, management, 10)
        for device in devices:
            unknown = "00000000-0000-4000-8000-000000000000"
            codes = at_once(lambda: device.report(unknown, "installing"), 20)  # noqa: B023
            assert set(codes) == {404}
            assert {answer.status_code for answer in at_once(device.poll, 20)} == {204}


def admitted(http: httpx.Client, management: Management, count: int) -> list[CallingDevice]:
    devices = crowd(http, "throttled", count)
    assert {device.authenticate() for device in devices} == {401}
    admit(management, devices)
    return devices


def at_once(call: Callable[[], R], times: int) -> list[R]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda _: call(), range(times)))
