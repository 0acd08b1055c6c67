"""A whole installation: `manage.py serve` as people run it, on data of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from django.conf import settings

from tests.serving import beginning, free_port, fresh_database, manage

PROGRAMS = {"web": "granian", "worker": "worker", "scheduler": "beat"}


class Installation:
    """A data folder, a database and a port; started any number of times."""

    def __init__(self, folder: Path, database: str, extra: dict[str, str]) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.environment = (
            os.environ
            | extra
            | {
                "SLIPWAY_DATA": str(folder / "data"),
                "SLIPWAY_DATABASE_URL": database,
                "SLIPWAY_PORT": self.url.rpartition(":")[2],
                "SLIPWAY_DEMO": "0",
            }
        )
        self.log = folder / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=settings.ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
            )
        before = self.text().count("Ctrl-C stops it")
        wait_until(lambda: self.text().count("Ctrl-C stops it") > before, self.text)

    def text(self) -> str:
        return self.log.read_text()

    def is_well(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def child(self, name: str) -> int | None:
        """The process id of the web, the worker or the scheduler."""
        assert self.process
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", PROGRAMS[name]],
            capture_output=True,
            text=True,
            check=False,
        )
        return int(found.stdout.split()[0]) if found.stdout else None

    def kill(self, name: str) -> None:
        """Kill a child and wait for the one that takes its place."""
        killed = self.child(name)
        assert killed
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: self.child(name) not in {None, killed}, self.text)

    def manage(self, *arguments: str) -> str:
        return manage(self.environment, *arguments)

    def stop(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(10)


@contextmanager
def installation(folder: Path, **extra: str) -> Iterator[Installation]:
    """Stopped at the end, if it was started; `extra` goes into its environment."""
    # Its first start would pack the same files again.
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "static").symlink_to(beginning().static)
    with fresh_database(folder) as database:
        made = Installation(folder, database, extra)
        try:
            yield made
        finally:
            if made.process and made.process.poll() is None:
                made.stop(signal.SIGTERM)


def wait_until(is_so: Callable[[], bool], tell: Callable[[], str], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, tell()
        time.sleep(0.05)
