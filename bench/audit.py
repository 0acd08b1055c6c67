"""Rows per second of the audit log's CSV export over HTTP, beside the bare query.

    python bench/audit.py [--database URL] [--entries N] [--rounds N] [--keep FILE]

Rounds are interleaved: the export of one worker of the real server, read to its end and thrown
away, and a cursor of the bare driver over the columns of the same rows in the same order. Texts
hold what breaks tables: separators, quotes, line breaks, emoji, right-to-left script, formulas.
Says how much the server grew, and reads what came back. Only ratios of one run mean anything.
The database is made and dropped; `--database sqlite` takes the embedded one.
"""

import argparse
import contextlib
import csv
import io
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.create import close
from bench.poll import installation

PORT = 8481
URL = f"http://127.0.0.1:{PORT}/api/management/v1/auditlogs/logs/export"
QUERY = (
    "SELECT at, actor_kind, actor_id, actor_name, action, object_kind, object_id, object_name,"
    " change FROM auditlog_auditentry WHERE organization_id = {} ORDER BY at DESC, id DESC"
)
TEXTS = (
    'commas, "quotes" and; semicolons',
    "two\nlines\r\nand a third",
    "🚢 über Ærø 船",
    "مرحبا بالعالم",
    "שלום עולם",
    *(f"{sign}cmd|' /C calc'!A0" for sign in ("=", "+", "-", "@", "\t=", "\r=")),
    "plain",
)


@dataclass(frozen=True)
class Reading:
    """Rows in a second, seconds to the first byte, bytes the server grew by."""

    rate: float
    first: float = 0
    growth: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="where to leave the last export")
    options = parser.parse_args()
    with installation(options.database):
        try:
            measure(options)
        finally:
            close()


def measure(options: argparse.Namespace) -> None:
    import django

    django.setup()
    organization, token = prepare(options.entries)
    readings: dict[str, list[Reading]] = {"export": [], "query": []}
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error"),
            *("--workers", "1", "--blocking-threads", "1"),
            *("--host", "127.0.0.1", "--port", str(PORT), "config.wsgi:application"),
        ],
        cwd=ROOT,
    )
    try:
        wait_until_it_exports(server.pid, token)
        for _ in range(options.rounds):
            readings["query"].append(bare_query(organization))
            reading, content = export(server.pid, token, options.entries)
            readings["export"].append(reading)
    finally:
        server.terminate()
        server.wait(20)
    report(readings, content)
    if options.keep:
        options.keep.write_bytes(content)


def prepare(entries: int) -> tuple[UUID, str | None]:
    """An organization with so many entries, and the token of one who may see them."""
    from django.db import connection

    from auditlog.models import AuditEntry
    from fleet import access_tokens
    from tests.make import PASSWORD, make_organization, make_user

    organization = make_organization()
    user = make_user(organization=organization)
    token = access_tokens.sign_in(email=user.email, password=PASSWORD)
    AuditEntry.objects.bulk_create(
        (AuditEntry(organization_id=organization.pk, **facts) for facts in stories(entries)),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return organization.pk, token


def stories(entries: int) -> Iterator[dict[str, Any]]:
    for number in range(entries):
        text = f"{TEXTS[number % len(TEXTS)]} {number}"
        kind, action, name, change = (
            ("device", "reject", "", {"identity": f'{{"sn":"{number}"}}'}),
            ("deployment", "create", text, {"release": text}),
            ("deployment", "abort", text, {}),
            ("user", "update", text, {"name": [text, "new"]}),
            ("artifact", "upload", text, {"description": text}),
        )[number % 5]
        yield {
            "actor_kind": "user",
            "actor_id": str(number % 50),
            "actor_name": f"person{number % 50}@example.com",
            "action": action,
            "object_kind": kind,
            "object_id": str(number - number % 5 // 2),
            "object_name": name,
            "change": change,
        }


def bare_query(organization: UUID) -> Reading:
    url = os.environ["SLIPWAY_DATABASE_URL"]
    begun = time.perf_counter()
    if url.startswith("sqlite"):
        lite = sqlite3.connect(url.removeprefix("sqlite:///"))
        rows: Any = lite.execute(QUERY.format("?"), [organization.hex])
    else:
        import psycopg

        connection = psycopg.connect(url.replace("postgres://", "postgresql://", 1))
        rows = connection.cursor(name="bare")
        rows.itersize = 1000
        rows.execute(QUERY.format("%s"), [organization])
    count = sum(1 for _ in rows)
    taken = time.perf_counter() - begun
    rows.connection.close()
    return Reading(count / taken)


def wait_until_it_exports(server: int, token: str | None) -> None:
    import httpx

    for _ in range(100):
        with contextlib.suppress(httpx.TransportError, subprocess.CalledProcessError):
            export(server, token, 1)
            return
        time.sleep(0.1)
    sys.exit(f"Nothing answers on port {PORT}.")


def export(server: int, token: str | None, limit: int) -> tuple[Reading, bytes]:
    import httpx

    before = memory(server, "VmRSS")
    begun, first, pieces = time.perf_counter(), 0.0, []
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.stream("GET", f"{URL}?limit={limit}", headers=headers, timeout=600) as answer:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            first = first or time.perf_counter() - begun
            pieces.append(piece)
    taken = time.perf_counter() - begun
    growth = memory(server, "VmHWM") - before
    return Reading(limit / taken, first, growth), b"".join(pieces)


def memory(server: int, line: str) -> int:
    """Bytes of the server's worker by that line of its status; the high water mark begins anew."""
    found = subprocess.run(["pgrep", "-P", str(server)], capture_output=True, text=True, check=True)
    total = 0
    for process in found.stdout.split():
        status = Path(f"/proc/{process}/status").read_text().splitlines()
        total += next(int(text.split()[1]) for text in status if text.startswith(f"{line}:"))
        Path(f"/proc/{process}/clear_refs").write_text("5")
    return total * 1024


def report(readings: dict[str, list[Reading]], content: bytes) -> None:
    for name, found in readings.items():
        rates = [reading.rate for reading in found]
        print(f"{name:7} median {statistics.median(rates):10,.0f} rows/s")
    pairs = zip(readings["export"], readings["query"], strict=True)
    ratios = sorted(export.rate / query.rate for export, query in pairs)
    print(
        f"export / query  median {statistics.median(ratios):.3f}"
        f"   ({ratios[0]:.3f} to {ratios[-1]:.3f})"
    )
    firsts = [reading.first * 1000 for reading in readings["export"]]
    print(f"first byte after {statistics.median(firsts):.0f} ms at the median")
    growth = max(reading.growth for reading in readings["export"])
    print(f"the server grew by {growth / 2**20:.1f} MiB at most")
    rows = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    formulas = sum(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for r in rows for cell in r)
    print(f"{len(rows) - 1:,} rows of {len(rows[0])} cells read back; {formulas} would calculate")


if __name__ == "__main__":
    main()
