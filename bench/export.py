"""Rows per second of the devices as CSV over HTTP, beside psql writing the same statement.

    python bench/export.py [--database URL] [--devices N] [--rounds N] [--fields NAMES]

Rounds alternate between one worker of the real server, read by curl, and `psql \\copy` of the very
statement that it asks; both are thrown away. Says how much the server grew and when the first
byte came. Only ratios of one run mean anything. The database is made and dropped; with
`--database sqlite` there is no psql, only rows per second and memory.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.audit import memory
from bench.create import close
from bench.fleet import make_fleet
from bench.poll import installation, wait_for

PORT = 8483
FIELDS = (
    "id,name,status,group,device_type,created_at,"
    "attribute.serial,attribute.color,attribute.kernel,tag.region"
)


@dataclass(frozen=True)
class Reading:
    """Rows in a second, seconds to the first byte, bytes of the table, bytes the server grew by."""

    rate: float
    first: float = 0
    size: int = 0
    growth: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--fields", default=FIELDS)
    options = parser.parse_args()
    with installation(options.database) as folder:
        try:
            measure(options, Path(folder))
        finally:
            close()


def measure(options: argparse.Namespace, folder: Path) -> None:
    import django

    django.setup()
    from fleet import access_tokens
    from tests.make import PASSWORD, make_user

    home = make_fleet(options.devices)
    user = make_user(organization=home)
    token = access_tokens.sign_in(email=user.email, password=PASSWORD)
    address = urlencode({"format": "csv", "fields": options.fields})
    url = f"http://127.0.0.1:{PORT}/api/v1/devices?{address}"
    statement = statement_of(options.fields, home)
    readings: dict[str, list[Reading]] = {"export": [], "psql": []}
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error"),
            *("--workers", "1", "--blocking-threads", "1"),
            *("--host", "127.0.0.1", "--port", str(PORT), "config.wsgi:application"),
        ],
        cwd=ROOT,
    )
    try:
        wait_for(PORT)
        export(server.pid, f"{url}&limit=1000", token, 1000)
        for _ in range(options.rounds):
            if statement:
                readings["psql"].append(psql(statement, folder, options.devices))
            readings["export"].append(export(server.pid, url, token, options.devices))
    finally:
        server.terminate()
        server.wait(20)
    report(readings)


def statement_of(fields: str, home: Any) -> str:
    """What the server asks PostgreSQL, with its values written in; empty on SQLite."""
    from unittest import mock

    from django.db import connection
    from psycopg import ClientCursor

    from fleet.listing.devices import DEVICES
    from fleet.models import Device
    from query.ordering import ordering_of
    from query.showing import read_fields
    from query.tables import table_of

    asked: list[str] = []
    copy = ClientCursor.copy

    def noted(self: Any, query: Any, params: Any = None, **more: Any) -> Any:
        asked.append(self.mogrify(query, params))
        return copy(self, query, params, **more)

    if connection.vendor != "postgresql":
        return ""
    with mock.patch.object(ClientCursor, "copy", noted):
        rows = Device.objects.of(home)
        table_of(rows, ordering_of(DEVICES.sort, DEVICES), read_fields(fields, DEVICES)).close()
    return asked[0]


def psql(statement: str, folder: Path, devices: int) -> Reading:
    """Planned as the server has it planned."""
    script = folder / "copy.sql"
    one_line = " ".join(statement.split()).replace("COPY", "\\copy", 1)
    settings = "SET jit = off; SET work_mem = '32MB'; SET enable_sort = off;"
    script.write_text(f"{settings}\n{one_line}\n")
    url = os.environ["SLIPWAY_DATABASE_URL"].replace("postgres://", "postgresql://", 1)
    begun = time.perf_counter()
    command = ["psql", "--quiet", "--no-psqlrc", "--file", str(script), url]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return Reading(devices / (time.perf_counter() - begun))


def export(server: int, url: str, token: str | None, devices: int) -> Reading:
    before = memory(server, "VmRSS")
    told = "%{http_code} %{time_starttransfer} %{time_total} %{size_download}"
    command = ["curl", "--silent", "--output", "/dev/null", "--write-out", told]
    command += ["--header", f"Authorization: Bearer {token}", url]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    if answer[0] != "200":
        sys.exit(f"The server answers {answer[0]}.")
    growth = memory(server, "VmHWM") - before
    return Reading(devices / float(answer[2]), float(answer[1]), int(answer[3]), growth)


def report(readings: dict[str, list[Reading]]) -> None:
    for name, found in readings.items():
        if found:
            rates = [reading.rate for reading in found]
            print(f"{name:7} median {statistics.median(rates):10,.0f} rows/s")
    if readings["psql"]:
        pairs = zip(readings["export"], readings["psql"], strict=True)
        ratios = sorted(one.rate / other.rate for one, other in pairs)
        print(
            f"export / psql  median {statistics.median(ratios):.3f}"
            f"   ({ratios[0]:.3f} to {ratios[-1]:.3f})"
        )
    firsts = [reading.first * 1000 for reading in readings["export"]]
    print(f"first byte after {statistics.median(firsts):.0f} ms at the median")
    growth = max(reading.growth for reading in readings["export"])
    size = readings["export"][-1].size
    print(f"{size / 1e6:.1f} MB; the server grew by {growth / 2**20:.1f} MiB at most")


if __name__ == "__main__":
    main()
