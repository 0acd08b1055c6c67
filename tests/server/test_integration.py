"""What an integration relies on, against a server that is real and busy with others."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from tests.make import make_mender_file
from tests.server.crowd import CallingDevice, crowd
from tests.server.integrator import Slipway
from tests.serving import EMAIL, Server, serving

pytestmark = pytest.mark.server
CONTENT = make_mender_file("os-1", device_types=["gateway"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    return server.manage("add_token", EMAIL, "--name", "integration").strip()


@pytest.fixture
def slipway(server: Server, token: str) -> Iterator[Slipway]:
    with Slipway(server.url, token) as made:
        yield made


def knock(devices: list[CallingDevice], stop: Event | None = None) -> int:
    """Have them ask to be let in, one after the other; how many did."""
    for number, device in enumerate(devices):
        if stop and stop.is_set():
            return number
        assert device.authenticate() == 401
    return len(devices)


@pytest.mark.parametrize("sort", ["name", "-created_at", "-updated_at,name"])
def test_paging_misses_and_repeats_nothing_while_devices_are_added(
    server: Server, slipway: Slipway, sort: str
) -> None:
    with httpx.Client(base_url=server.url) as http, ThreadPoolExecutor(1) as background:
        assert knock(crowd(http, f"early {sort}", 25)) == 25
        early = {device["id"] for device in slipway.all_of("/devices", limit=1000)}
        stop = Event()
        late = background.submit(knock, crowd(http, f"late {sort}", 500), stop)
        seen = [device["id"] for device in slipway.all_of("/devices", sort=sort, limit=4)]
        stop.set()
        assert late.result() > 0
    assert len(seen) == len(set(seen))
    assert early <= set(seen)


class Forgetful(httpx.HTTPTransport):
    """Delivers what is sent, and loses the first answer to each kind of write."""

    def __init__(self) -> None:
        super().__init__()
        self.lost: set[tuple[str, str]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        what = (request.method, request.url.path)
        if request.method != "GET" and what not in self.lost:
            self.lost.add(what)
            response.read()
            raise httpx.ReadError("the line went dead", request=request)
        return response


def test_what_is_retried_is_made_once(server: Server, token: str, slipway: Slipway) -> None:
    with Slipway(server.url, token, Forgetful()) as unlucky:
        made = unlucky.create("/saved-filters", {"name": "once", "query": "status==pending"})
    found = slipway.get("/saved-filters", q="name==once")["items"]
    assert [each["id"] for each in found] == [made["id"]]


def test_changes_that_cross_are_both_made(slipway: Slipway) -> None:
    release = slipway.upload(iter([CONTENT]))["release.id"]
    path = f"/releases/{release}"
    crossed = False

    def annotate(found: dict[str, Any]) -> dict[str, Any]:
        nonlocal crossed
        if not crossed:
            crossed = True
            slipway.change(path, lambda theirs: {"notes": f"{theirs['notes']}theirs;"})
        return {"notes": f"{found['notes']}ours;"}

    assert slipway.change(path, annotate)["notes"] == "theirs;ours;"


def test_an_artifact_comes_in_pieces_of_unknown_number(slipway: Slipway, tmp_path: Path) -> None:
    content = make_mender_file("os-2", device_types=["gateway"], payload=bytes(300_000))
    pieces = (content[start : start + 7_000] for start in range(0, len(content), 7_000))
    made = slipway.upload(pieces)
    assert (made["release.name"], made["size"]) == ("os-2", len(content))
    file = slipway.http.get(f"/artifacts/{made['id']}/download", follow_redirects=True)
    assert file.content == content


def test_a_mistake_is_told_by_its_code(slipway: Slipway) -> None:
    with pytest.raises(httpx.HTTPStatusError) as refused:
        slipway.get("/devices", q="colour==red")
    body = refused.value.response.json()
    assert refused.value.response.headers["Content-Type"] == "application/problem+json"
    assert (body["code"], body["position"]) == ("invalid_filter", 0)
