"""The real server on a port of its own, over the database that the suite runs on."""

import atexit
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import httpx
import psycopg
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
EMAIL, PASSWORD = "admin@example.com", "correct horse battery"
# A crowd of tests is more than one caller would ask for; a test of the limits brings its own.
NO_LIMITS = {f"SLIPWAY_{name}_RATE": "0" for name in ("USER", "DEVICE", "SIGN_IN")}

# In one process: each would take longer to load than to do its work.
BEGIN = f"""
from django.core.management import call_command
from config.static_files import collect
call_command("migrate", verbosity=0)
collect()
call_command("add_organization", "DEFAULT")
who = ["--organization", "DEFAULT", "--role", "administrator", "--password", "{PASSWORD}"]
call_command("add_member", "{EMAIL}", *who)
"""


@dataclass(frozen=True)
class Server:
    """`environment` is what another process needs to work on the same data."""

    url: str
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def manage(self, *arguments: str) -> str:
        return manage(self.environment, *arguments)


def manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@dataclass(frozen=True)
class Beginning:
    """What every server here begins with, made once: the tables with an administrator, the files.

    `database` is a file of SQLite or the name of a database of PostgreSQL.
    """

    database: str
    static: Path


@cache
def beginning() -> Beginning:
    """Gone with the process that made it."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-beginning-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    left = contextlib.ExitStack()
    atexit.register(left.close)
    database = left.enter_context(fresh_database(folder))
    environment = os.environ | {"SLIPWAY_DATA": str(folder), "SLIPWAY_DATABASE_URL": database}
    manage(environment, "shell", "-v0", "-c", BEGIN)
    name = database.removeprefix("sqlite:///") if _is_sqlite() else database.rpartition("/")[2]
    return Beginning(name, folder / "static")


def _is_sqlite() -> bool:
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


@contextlib.contextmanager
def fresh_database(folder: Path, like: str = "") -> Iterator[str]:
    """The URL of a database of the kind that the suite runs on: empty, or a copy of `like`."""
    if _is_sqlite():
        if like:
            shutil.copyfile(like, folder / "slipway.sqlite3")
        yield f"sqlite:///{folder}/slipway.sqlite3"
        return
    ours = settings.DATABASES["default"]
    name = f"slipway_server_{uuid.uuid4().hex[:12]}"
    where = f"{ours['USER']}@{ours['HOST']}:{ours['PORT'] or 5432}"
    with psycopg.connect(f"postgresql://{where}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}{f' TEMPLATE {like}' if like else ''}")
    try:
        yield f"postgres://{where}/{name}"
    finally:
        with psycopg.connect(f"postgresql://{where}/postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def serving(folder: Path, *, threads: int = 4, **extra: str) -> Iterator[Server]:
    """Granian over `config.wsgi`, migrated, with an organization and its administrator."""
    begun = beginning()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "static").symlink_to(begun.static)
    with fresh_database(folder, begun.database) as database:
        environment = (
            NO_LIMITS
            | os.environ
            | extra
            | {
                "SLIPWAY_DATA": str(folder),
                "SLIPWAY_DATABASE_URL": database,
                "SLIPWAY_ADMIN_PASSWORD": PASSWORD,
            }
        )
        with granian(environment, threads) as (url, process):
            yield Server(url, folder, environment, process)


@contextlib.contextmanager
def granian(
    environment: dict[str, str], threads: int, port: int | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = port or free_port()
    log = Path(environment["SLIPWAY_DATA"], "web.log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"),
                *("--blocking-threads", str(threads), "--backpressure", "512"),
                *("--host", "127.0.0.1", "--port", str(port), "config.wsgi:application"),
            ],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url, log)
        yield url, process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(url: str, log: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(httpx.TransportError):
            httpx.get(f"{url}/sign-in/")
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} does not answer:\n{log.read_text()[-3000:]}")


class Reachable(Protocol):
    @property
    def url(self) -> str: ...


class HasUrl(Protocol):
    url: str


class Management:
    """The few calls of Mender's management API that a test needs."""

    def __init__(self, server: Reachable) -> None:
        self.http = httpx.Client(base_url=f"{server.url}/api/management", timeout=60)
        answer = self.http.post("/v1/useradm/auth/login", auth=(EMAIL, PASSWORD))
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Bearer {answer.text}"

    def __enter__(self) -> "Management":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def devices(self, page: int = 1, **query: str) -> list[dict[str, Any]]:
        """One page of up to 500 devices."""
        params = query | {"per_page": "500", "page": str(page)}
        listed: list[dict[str, Any]] = self.http.get("/v2/devauth/devices", params=params).json()
        return listed

    def device(self, **identity: str) -> dict[str, Any]:
        return next(d for d in self.devices() if identity.items() <= d["identity_data"].items())

    def set_status(self, device: dict[str, Any], status: str) -> None:
        auth_set = device["auth_sets"][0]["id"]
        path = f"/v2/devauth/devices/{device['id']}/auth/{auth_set}/status"
        answer = self.http.put(path, json={"status": status})
        assert answer.status_code == 204, answer.text

    def upload(self, file: Path) -> str:
        with file.open("rb") as content:
            answer = self.http.post(
                "/v1/deployments/artifacts",
                data={"size": str(file.stat().st_size), "description": "a test"},
                files={"artifact": (file.name, content, "application/octet-stream")},
            )
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"].rsplit("/", 1)[1]

    def deploy(self, artifact_name: str, devices: list[str], **extra: object) -> str:
        body = {"name": f"deploy {artifact_name}", "artifact_name": artifact_name, **extra}
        if devices:
            body["devices"] = devices
        answer = self.http.post("/v1/deployments/deployments", json=body)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"].rsplit("/", 1)[1]

    def states(self, deployment: str) -> dict[str, str]:
        answer = self.http.get(f"/v1/deployments/deployments/{deployment}/devices")
        return {device["id"]: device["status"] for device in answer.json()}

    def abort(self, deployment: str) -> int:
        path = f"/v1/deployments/deployments/{deployment}/status"
        return self.http.put(path, json={"status": "aborted"}).status_code

    def inventory(self, device: str) -> dict[str, object]:
        answer = self.http.get(f"/v1/inventory/devices/{device}")
        attributes = answer.json().get("attributes", [])
        return {attribute["name"]: attribute["value"] for attribute in attributes}

    def log(self, deployment: str, device: str) -> str:
        path = f"/v1/deployments/deployments/{deployment}/devices/{device}/log"
        return self.http.get(path).text
