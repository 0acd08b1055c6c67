"""Polls per second of one worker, beside its floors, in the same run.

    python bench/poll.py [--database URL] [--devices N] [--polled N] [--rounds N] [--seconds N]
                         [--threads N]

Rounds are interleaved: a constant from the same server, Slipway's poll, a plain Django REST
framework poll that writes `last_seen`, the bare query in a loop. Half of the polled devices have
an instruction standing (200), half have nothing to do (204). Only ratios of one run mean
anything. Needs wrk and the development dependencies; the database is made and dropped.
"""

import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
TARGETS = {
    "constant": "bench.constant:application",
    "slipway": "config.wsgi:application",
    "plain": "bench.plain:application",
}
FIRST_PORT = 8471


@dataclass(frozen=True)
class Reading:
    rate: float
    errors: int


def main() -> None:
    options = arguments()
    if shutil.which("wrk") is None:
        sys.exit("bench/poll needs wrk, the HTTP load generator; install it and run again.")
    with installation(options.database) as folder:
        os.environ.update(PYTHONPATH=str(ROOT), TOKENS=f"{folder}/tokens")
        seed = [sys.executable, "bench/poll_seed.py", str(options.devices), str(options.polled)]
        subprocess.run(seed, cwd=ROOT, check=True)
        with servers(options.threads) as ports:
            report(measure(ports, options))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--polled", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--threads", type=int, default=4, help="of each server's one worker")
    return parser.parse_args()


@contextlib.contextmanager
def database(url: str, folder: Path) -> Iterator[str]:
    """A database of our own on that server, gone afterwards; `sqlite` for the embedded one."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{folder}/bench.sqlite3"
        return
    import psycopg

    name = f"slipway_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield url.rsplit("/", 1)[0] + f"/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def installation(url: str) -> Iterator[str]:
    """A migrated database for this process and what it starts; gives its data folder."""
    with tempfile.TemporaryDirectory() as folder, database(url, Path(folder)) as made:
        os.environ.update(
            SLIPWAY_DATA=folder, SLIPWAY_DATABASE_URL=made, DJANGO_SETTINGS_MODULE="config.settings"
        )
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        yield folder


@contextlib.contextmanager
def servers(threads: int) -> Iterator[dict[str, int]]:
    """One granian of one worker for each target, all at once."""
    ports = {name: FIRST_PORT + offset for offset, name in enumerate(TARGETS)}
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error"),
                *("--workers", "1", "--blocking-threads", str(threads), "--backpressure", "64"),
                *("--host", "127.0.0.1", "--port", str(ports[name]), target),
            ],
            cwd=ROOT,
        )
        for name, target in TARGETS.items()
    ]
    try:
        for port in ports.values():
            wait_for(port)
        yield ports
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)


def wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            try:
                urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            except OSError as error:
                if not hasattr(error, "code"):
                    raise
            return
        time.sleep(0.1)
    sys.exit(f"Nothing answers on port {port}.")


def measure(ports: dict[str, int], options: argparse.Namespace) -> list[dict[str, Reading]]:
    for port in ports.values():
        load(port, 2)
    rounds = []
    for turn in range(options.rounds):
        names = list(ports)[turn % 3 :] + list(ports)[: turn % 3]
        readings = {name: load(ports[name], options.seconds) for name in names}
        readings["query"] = bare_query(options.seconds)
        rounds.append(readings)
        print(*(f"{name} {reading.rate:,.0f}/s" for name, reading in readings.items()), sep="  ")
    return rounds


def load(port: int, seconds: int) -> Reading:
    output = subprocess.run(
        [
            *("wrk", "-t1", "-c16", f"-d{seconds}s", "-s", "bench/poll.lua"),
            f"http://127.0.0.1:{port}",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    errors = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    return Reading(float(rate[1]) if rate else 0.0, int(errors[1]) if errors else 0)


def bare_query(seconds: int) -> Reading:
    output = subprocess.run(
        [sys.executable, "bench/poll_query.py", str(seconds)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return Reading(float(output), 0)


def report(rounds: list[dict[str, Reading]]) -> None:
    for name in rounds[0]:
        rates = [readings[name].rate for readings in rounds]
        errors = sum(readings[name].errors for readings in rounds)
        print(f"{name:9} median {statistics.median(rates):10,.0f}/s   error answers: {errors}")
    for floor in ("constant", "plain", "query"):
        ratios = sorted(readings["slipway"].rate / readings[floor].rate for readings in rounds)
        print(
            f"slipway / {floor:8} median {statistics.median(ratios):.3f}"
            f"   ({ratios[0]:.3f} to {ratios[-1]:.3f})"
        )


if __name__ == "__main__":
    main()
