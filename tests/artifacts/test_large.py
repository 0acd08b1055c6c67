"""Large artifacts through the real server: whole, in flat memory, or not at all.

`SLIPWAY_TEST_MIB` says how large; 1024 takes about half a minute.
"""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from artifacts.formats.mender_writer import write_module_artifact
from tests.serving import Management, Server, granian, serving

pytestmark = pytest.mark.server
MIB = 1024 * 1024
SIZE = int(os.environ.get("SLIPWAY_TEST_MIB", "64")) * MIB
URL = "/api/management/v1/deployments/artifacts"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("large")) as server:
        yield server


@pytest.fixture(scope="module")
def management(server: Server) -> Iterator[Management]:
    management = Management(server)
    yield management
    management.http.close()


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Path]:
    source, target = tmp_path / "payload", tmp_path / "large.mender"
    with source.open("wb") as stream:
        for _ in range(SIZE // MIB):
            stream.write(os.urandom(MIB))
    with target.open("wb") as stream:
        write_module_artifact(
            stream,
            name="large",
            device_types=["board"],
            payload_type="single-file",
            files=[("payload", source)],
            compression="none",
        )
    source.unlink()
    yield target
    target.unlink()


def worker_of(server: Server) -> int:
    parent = server.process.pid
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[0])


def memory(pid: int, line: str) -> int:
    """Bytes; "VmRSS" is what the process holds now, "VmHWM" the most since `forget_peak`."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(row.split()[1]) for row in status.splitlines() if row.startswith(line)) * 1024


def forget_peak(pid: int) -> int:
    Path(f"/proc/{pid}/clear_refs").write_text("5")
    return memory(pid, "VmRSS")


def form(content: Iterator[bytes]) -> Iterator[bytes]:
    yield b'--edge\r\nContent-Disposition: form-data; name="artifact"; filename="a"\r\n\r\n'
    yield from content
    yield b"\r\n--edge--\r\n"


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(MIB):
            yield piece


def stored(server: Server) -> list[Path]:
    return list((server.data / "artifacts").glob("*/*"))


@pytest.mark.parametrize("has_length", [True, False])
def test_it_goes_up_and_down_again_in_flat_memory(
    server: Server, management: Management, large: Path, *, has_length: bool
) -> None:
    worker = worker_of(server)
    before = forget_peak(worker)
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    if has_length:
        overhead = sum(len(piece) for piece in form(iter([])))
        headers["Content-Length"] = str(large.stat().st_size + overhead)
    answer = management.http.post(
        "/v1/deployments/artifacts", content=form(pieces(large)), headers=headers
    )
    assert answer.status_code == 201, answer.text
    path = answer.headers["Location"].partition("management")[2]
    link = management.http.get(f"{path}/download")
    with httpx.stream("GET", link.json()["uri"]) as download:
        assert download.headers["Content-Length"] == str(large.stat().st_size)
        original = pieces(large)
        for piece in download.iter_bytes(MIB):
            assert piece == next(original)
    assert next(original, None) is None
    assert management.http.delete(path).status_code == 204
    grown = memory(worker, "VmHWM") - before
    print(f"{SIZE // MIB} MiB, memory grew by {grown / MIB:.1f} MiB")
    assert grown < 64 * MIB


def begin_upload(server: Server, management: Management, *, is_chunked: bool) -> socket.socket:
    """A connection on which a megabyte of an artifact has arrived, and nothing more comes."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)))
    length = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {SIZE}"
    connection.sendall(
        f"POST {URL} HTTP/1.1\r\nHost: {host}\r\n{length}\r\n"
        f"Authorization: {management.http.headers['Authorization']}\r\n"
        "Content-Type: multipart/form-data; boundary=edge\r\n\r\n".encode()
    )
    for piece in list(form(iter([b"x" * 100_000] * 10)))[:-1]:
        connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
    assert wait_until(lambda: len(stored(server)) == 1)
    return connection


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_sender_that_goes_away_leaves_nothing(
    server: Server, management: Management, *, is_chunked: bool
) -> None:
    begin_upload(server, management, is_chunked=is_chunked).close()
    assert wait_until(lambda: stored(server) == [])
    assert management.http.get("/v1/deployments/artifacts").json() == []


def test_a_server_that_is_killed_leaves_nothing_after_the_sweep_of_the_next_start(
    server: Server, management: Management
) -> None:
    sweep = ("shell", "-v0", "-c", "from artifacts import sweeping; sweeping.sweep_abandoned()")
    with granian(server.environment, 2) as (url, process):
        other = replace(server, url=url, process=process)
        with begin_upload(other, management, is_chunked=True):
            server.manage(*sweep)
            assert len(stored(server)) == 1, "a living writer keeps its file"
            worker = worker_of(other)
            process.send_signal(signal.SIGKILL)
            os.kill(worker, signal.SIGKILL)
            process.wait()
    assert len(stored(server)) == 1
    server.manage(*sweep)
    assert stored(server) == []
