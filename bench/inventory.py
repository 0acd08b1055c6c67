"""Milliseconds for a page of a searched list, beside hand-written SQL for the same page.

    python bench/inventory.py [--database URL] [--devices N] [--rounds N]

Ours is a search with everything up to the JSON of its answer; the floor is the SQL that somebody
would write for this one question, with indexes for it alone, fetched by psycopg. Both find the
exact total. Rounds are interleaved: only ratios of one run mean anything. The database is made
and dropped; PostgreSQL only.
"""

import argparse
import hashlib
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.poll import installation

HOT = ["serial", "mem", "rare"]
MEM = "(i.attributes -> 'inventory' ->> 'mem')::numeric"
SERIAL = "(i.attributes -> 'inventory' ->> 'serial')"
RARE = "i.attributes -> 'inventory' ? 'rare'"
FLOOR_INDEXES = [
    f"CREATE INDEX floor_mem ON fleet_inventory AS i (({MEM}), device_id)",
    f"CREATE INDEX floor_serial ON fleet_inventory AS i ({SERIAL} text_pattern_ops)",
    f"CREATE INDEX floor_rare ON fleet_inventory AS i (device_id) WHERE {RARE}",
]
FLOOR_PAGE = """
    SELECT d.id, d.identity, d.status, d."group", d.created_at, d.updated_at, c.seen_at,
        i.attributes, i.descriptions, i.updated_at
    FROM fleet_device d
    JOIN fleet_inventory i ON i.device_id = d.number
    LEFT JOIN fleet_contact c ON c.device_id = d.number
    WHERE d.organization_id = %s AND {where} ORDER BY {order} LIMIT 20 OFFSET {offset}"""
FLOOR_COUNT = """
    SELECT count(*) FROM fleet_device d {join} WHERE d.organization_id = %s AND {where}"""
FLOOR_JOIN = "JOIN fleet_inventory i ON i.device_id = d.number"

LOAD = [
    """INSERT INTO fleet_device (id, organization_id, identity, identity_digest, controller_id,
           name, description, address, status, is_leaving, "group", device_type, software,
           created_at, created_by, updated_at, updated_by)
       SELECT gen_random_uuid(), %(home)s, jsonb_build_object('mac', 'mac-' || n),
           lpad(n::text, 64, '0'), 'bench-' || n, 'bench-' || n, '', '', 'accepted', false,
           'g' || n %% 100, 'board-' || n %% 8, 'release-' || n %% 30,
           now() - n * interval '1 s', '', now(), ''
       FROM generate_series(1, %(devices)s) n""",
    """INSERT INTO fleet_inventory (device_id, attributes, descriptions, updated_at)
       SELECT number, jsonb_build_object('inventory', jsonb_build_object(
           'device_type', 'board-' || n %% 8, 'artifact_name', 'release-' || n %% 30,
           'serial', 'SN' || md5(n::text), 'region', 'region-' || n %% 300,
           'color', (ARRAY['red', 'green', 'blue', 'white'])[1 + n %% 4],
           'ip', '10.0.' || n %% 256 || '.' || n / 256, 'mac_eth0', md5('m' || n),
           'mem', (n * 7919 %% 100000), 'load', round(random()::numeric, 3), 'os', 'Debian 12',
           'kernel', 'Linux version 6.1.' || n %% 20, 'hostname', 'host-' || n,
           'uptime', (random() * 1e6)::int, 'rootfs', 'ext4', 'city', 'city-' || n %% 900,
           'ipv6', jsonb_build_array('fe80::' || n, 'fd00::' || n), 'disk', n %% 5000,
           'client', '4.0.' || n %% 6, 'bootloader', 'u-boot 2024.' || n %% 12)
           || CASE WHEN n %% 1000 = 0 THEN '{"rare": "yes"}' ELSE '{}' END::jsonb),
           '{}', now()
       FROM (SELECT number, row_number() OVER (ORDER BY number) n FROM fleet_device) d""",
    "INSERT INTO fleet_contact (device_id, seen_at) SELECT number, now() FROM fleet_device",
    "VACUUM ANALYZE",
]


@dataclass(frozen=True)
class Case:
    """What is asked of us, and of PostgreSQL by hand."""

    name: str
    page: int = 1
    term: tuple[str, str, Any] | None = None
    sort: str = ""
    where: str = ""

    @property
    def offset(self) -> int:
        return (self.page - 1) * 20


def equality(name: str, attribute: str, value: str, page: int = 1) -> Case:
    where = f"""i.attributes @> '{{"inventory": {{"{attribute}": "{value}"}}}}'"""
    return Case(f"equality, {name}", page, (attribute, "$eq", value), where=where)


CASES = [
    Case("all"),
    Case("all", 1000),
    equality("one device", "mac_eth0", hashlib.md5(b"m77").hexdigest()),  # noqa: S324
    equality("0.3 %", "region", "region-7"),
    equality("25 %", "color", "red"),
    equality("25 %", "color", "red", 1000),
    Case("prefix", 1, ("serial", "$regex", "^SNabc"), where=f"{SERIAL} LIKE 'SNabc%%'"),
    Case("existence, 0.1 %", 1, ("rare", "$exists", True), where=RARE),
    Case("range, 1 %", 1, ("mem", "$gte", 99_000), where=f"{MEM} >= 99000"),
    Case("sorted", sort="mem"),
    Case("sorted", 1000, sort="mem"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with installation(options.database):
        import django

        django.setup()
        try:
            home = prepare(options.devices)
            for case in CASES:
                report(case, home, options.rounds)
            report_counting(home)
        finally:
            close()


def prepare(devices: int) -> Any:
    from django.db import connection

    from fleet.attribute_indexes import create_indexes
    from fleet.models import Organization

    home = Organization.objects.create(key="BENCH", name="Bench")
    with connection.cursor() as cursor:
        for statement in LOAD:
            cursor.execute(statement, {"home": home.pk, "devices": devices})
        for statement in FLOOR_INDEXES:
            cursor.execute(statement.replace(" AS i", "").replace("i.attributes", "attributes"))
        for name in HOT:
            create_indexes(("inventory", name))
        cursor.execute("VACUUM ANALYZE")
    return home


def ours(case: Case, home: Any) -> int:
    from api.json_bodies import encode
    from api.mender.shapes.inventory import inventory_shape
    from fleet.filters import matching
    from fleet.searching import Order, search

    terms = []
    if case.term:
        attribute, kind, value = case.term
        terms = [{"scope": "inventory", "attribute": attribute, "type": kind, "value": value}]
    orders = [Order(("inventory", case.sort))] if case.sort else []
    found = search(matching(home, terms), orders=orders, offset=case.offset, limit=20)
    encode([inventory_shape(device) for device in found.devices])
    return found.total


def floor(case: Case, home: Any) -> int:
    from django.db import connection

    order = f"{MEM}, i.device_id" if case.sort else "d.number"
    page = FLOOR_PAGE.format(where=case.where or "true", order=order, offset=case.offset)
    join = FLOOR_JOIN if case.where else ""
    count = FLOOR_COUNT.format(join=join, where=case.where or "true")
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    cursor.execute(page, [home.pk]).fetchall()
    return int(cursor.execute(count, [home.pk]).fetchone()[0])


def report(case: Case, home: Any, rounds: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        total = ours(case, home)
    if total != floor(case, home):
        raise SystemExit(f"{case}: the floor finds another number than {total}")
    readings: dict[Callable[[Case, Any], int], list[float]] = {ours: [], floor: []}
    for _ in range(rounds):
        for side, taken in readings.items():
            begun = time.perf_counter()
            side(case, home)
            taken.append((time.perf_counter() - begun) * 1000)
    mine, least = (statistics.median(taken) for taken in readings.values())
    print(
        f"{case.name:22} page {case.page:4}  {total:7} found  {mine:7.1f} ms"
        f"  floor {least:7.1f} ms  {mine / least:5.2f}"
        f"  {', '.join(scans(captured.captured_queries))}",
        flush=True,
    )


def scans(queries: list[dict[str, str]]) -> list[str]:
    """How the tables are read by the statements that look for the page and the total."""
    from django.db import connection

    found: list[str] = []
    with connection.cursor() as cursor:
        for query in queries:
            if not query["sql"].startswith("SELECT") or "set_config" in query["sql"]:
                continue
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor)
            found += re.findall(r"(\w+(?: Only)? Scan (?:using |on )\w+)", plan)
    return sorted({scan for scan in found if "contact" not in scan})


def report_counting(home: Any) -> None:
    from fleet.attribute_counts import attributes_in_use
    from fleet.filters import matching

    for _ in range(2):
        begun = time.perf_counter()
        names = len(attributes_in_use(matching(home, [])))
        print(f"attributes in use: {names}, {time.perf_counter() - begun:.3f} s")


def close() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    main()
