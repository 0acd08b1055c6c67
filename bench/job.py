"""A Carbon Black job over a whole fleet: created, read, searched, exported, stopped.

    python bench/job.py [--database URL] [--devices N] [--rounds N]

One worker of the real server answers; meanwhile a process of its own polls without a pause as
devices that speak Mender's language, and tells its longest poll. Beside each call stands its floor:
one bare statement for the same rows (for a creation an INSERT … SELECT, for a stop an UPDATE, both
rolled back). Told are seconds, the median of the rounds, and by how much the worker grew while it
answered; the export is written by a worker process, whose peak is told. The database is made and
dropped; with `--database sqlite` it is the embedded one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.create import close
from bench.fleet import make_fleet
from bench.poll import installation, wait_for

PORT = 8493
KITS = ("WINDOWS", "MAC", "UBUNTU", "RHEL")
VERSION = "9.0.0.1"
POLLING = 20
ORG = "BENCH"
BASE = f"http://127.0.0.1:{PORT}/sensor_update_service/v3/orgs/{ORG}/jobs"
WORK = "import django; django.setup(); from jobs.running import run_due; run_due()"
INSERT = """
INSERT INTO deployments_devicedeployment
    (deployment_id, device_id, device_ref, device_name, software_before,
     state, substate, is_open, device_type, attempts, has_log)
SELECT %s, number, CAST(number AS varchar(20)), name, software,
       'pending', '', TRUE, '', 0, FALSE
FROM fleet_device"""
COUNT = """
SELECT state, is_open, is_instructed, cause, COUNT(*) FROM deployments_devicedeployment
WHERE deployment_id = %s GROUP BY 1, 2, 3, 4"""
COLUMNS = (
    "device_id, device_name, state, message, version_before, started_at, finished_at, kit_type"
)
PAGE = f"""
SELECT {COLUMNS} FROM deployments_devicedeployment
WHERE deployment_id = %s ORDER BY UPPER(device_name), device_id LIMIT 1000"""  # noqa: S608
SORTED_BY_VERSION = f"""
SELECT {COLUMNS} FROM deployments_devicedeployment
WHERE deployment_id = %s ORDER BY version_before, device_id LIMIT 1000"""  # noqa: S608
WHOLE = f"""
SELECT {COLUMNS} FROM deployments_devicedeployment
WHERE deployment_id = %s ORDER BY device_id"""  # noqa: S608
UPDATE = """
UPDATE deployments_devicedeployment SET state = 'aborted', is_open = FALSE, finished_at = %s
WHERE deployment_id = %s"""


@dataclass
class Measured:
    """Seconds of each round, ours and the floor's, and by how many MiB the server grew."""

    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    growth: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with installation(options.database):
        try:
            measure(options)
        finally:
            close()


def measure(options: argparse.Namespace) -> None:
    import django

    django.setup()
    bench = Bench(prepare(options.devices), options.devices)
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error"),
            *("--workers", "1", "--blocking-threads", "4"),
            *("--host", "127.0.0.1", "--port", str(PORT), "config.wsgi:application"),
        ],
        cwd=ROOT,
    )
    try:
        wait_for(PORT)
        bench.server = children_of(server.pid)
        for _ in range(options.rounds):
            bench.run()
    finally:
        server.terminate()
        server.wait(20)
    bench.report()


def prepare(devices: int) -> dict[str, Any]:
    """The fleet with its kits, a release for them, a key to call with and tokens to poll with."""
    from django.db.models import Case, Value, When

    from fleet import device_tokens
    from fleet.api_keys import issue
    from fleet.models import Device
    from tests.make import make_actor, make_auth_set, upload_artifact

    home = make_fleet(devices)
    kits = [
        When(device_type__in=[f"board-{number}", f"board-{number + 4}"], then=Value(kit))
        for number, kit in enumerate(KITS)
    ]
    Device.objects.update(kit_type=Case(*kits))
    types = [f"board-{number}" for number in range(8)]
    upload_artifact(home, VERSION, device_types=types)
    key, secret = issue(
        actor=make_actor(home), organization=home, name="bench", level="administrator"
    )
    polling = Device.objects.accepted().order_by("number")[:POLLING]
    tokens = [device_tokens.issue(make_auth_set(each, status="accepted")) for each in polling]
    return {"token": f"{secret}/{key.key_id}", "devices": tokens}


def children_of(parent: int) -> list[int]:
    """The processes of the server that answer."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in listed] or [parent]


class Bench:
    """The calls of one round, each beside its floor."""

    def __init__(self, known: dict[str, Any], devices: int) -> None:
        self.known = known
        self.devices = devices
        self.server: list[int] = []
        self.measured: dict[str, Measured] = {}
        self.longest = 0.0
        self.peak = 0.0

    def run(self) -> None:
        from django.utils import timezone

        from deployments.models import Deployment
        from tests.make import make_deployment, make_organization

        other = make_deployment(make_organization(), devices=["none"]).number
        versions = dict.fromkeys(KITS, VERSION)
        body = {
            "name": "Whole fleet",
            "options": {"sensor_version": versions},
            "search_definition": {"criteria": {"os": ["windows", "mac", "linux"]}},
        }
        job = self.polled("create", lambda: self.call("POST", "", body))
        must(job["targeted"] == self.devices, job)
        self.floor("create", INSERT, other)
        path, number = f"/{job['id']}", Deployment.objects.get(id=job["id"]).number
        tell_planner()
        self.timed("show", lambda: self.call("GET", path))
        self.floor("show", COUNT, number)
        self.timed("jobs/_search", lambda: self.call("POST", "/_search", {}))
        sensors = f"{path}/sensors/_search"
        for name, column, statement in (
            ("sensors by name", "DEVICE_NAME", PAGE),
            ("sensors by version", "CURRENT_VERSION", SORTED_BY_VERSION),
        ):
            asked = {"rows": 1000, "sort": [{"field": column, "order": "ASC"}]}
            self.timed(name, lambda asked=asked: self.call("POST", sensors, asked))
            self.floor(name, statement, number)
        self.export(path, number)
        self.polled("stop", lambda: self.call("DELETE", path))
        self.timed("stop: rows ended", work)
        self.floor("stop: rows ended", UPDATE, timezone.now(), number)
        told = self.call("GET", path)
        # Those that poll have been told, and go on.
        must(told["failed"] + told["processing"] == self.devices, told)
        Deployment.objects.filter(number=number).delete()

    def export(self, path: str, number: int) -> None:
        asked = {"format": "csv"}
        begun = time.perf_counter()
        told = self.call("POST", f"{path}/sensors/_export", asked)
        self.peak = max(self.peak, work())
        self.note("export to CSV").ours.append(time.perf_counter() - begun)
        self.floor("export to CSV", WHOLE, number, copies=True)
        url = f"http://127.0.0.1:{PORT}/jobs/v1/orgs/{ORG}/jobs/{told['job_service_id']}/download"
        lines: list[int] = []
        self.timed("download", lambda: lines.append(self.fetch(url).count(b"\n")))
        must(lines == [self.devices + 1], lines)

    def note(self, name: str) -> Measured:
        return self.measured.setdefault(name, Measured())

    def timed(self, name: str, act: Callable[[], Any]) -> Any:
        reset_peaks(self.server)
        before = sum(map(peak_of, self.server))
        begun = time.perf_counter()
        answer = act()
        measured = self.note(name)
        measured.ours.append(time.perf_counter() - begun)
        grown = (sum(map(peak_of, self.server)) - before) / 1024
        measured.growth = max(measured.growth, grown)
        print(f"{name}: {measured.ours[-1]:.2f} s, server +{grown:.0f} MiB", flush=True)
        return answer

    def polled(self, name: str, act: Callable[[], Any]) -> Any:
        """The same while devices poll."""
        script = [sys.executable, __file__.replace("job.py", "job_polls.py"), str(PORT)]
        devices = subprocess.Popen(
            script, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if devices.stdin is not None:
            devices.stdin.write(json.dumps(self.known["devices"]) + "\n")
            devices.stdin.flush()
        time.sleep(2)
        answer = self.timed(name, act)
        told, _ = devices.communicate("stop\n", timeout=30)
        self.longest = max(self.longest, json.loads(told)["longest"])
        print(f"{name}: longest poll {self.longest * 1000:.0f} ms", flush=True)
        return answer

    def floor(self, name: str, statement: str, *parameters: Any, copies: bool = False) -> None:
        """One bare statement; what it writes is rolled back."""
        from django.db import connection, transaction

        begun = time.perf_counter()
        with transaction.atomic():
            with connection.cursor() as cursor:
                if copies and connection.vendor == "postgresql":
                    bare = statement % tuple(f"{int(each)}" for each in parameters)
                    with cursor.cursor.copy(f"COPY ({bare}) TO STDOUT WITH CSV") as copy:
                        for _ in copy:
                            pass
                else:
                    cursor.execute(statement, parameters)
                    if statement.lstrip().startswith("SELECT"):
                        cursor.fetchall()
            connection.check_constraints()
            self.note(name).floor.append(time.perf_counter() - begun)
            print(f"{name}: floor {self.note(name).floor[-1]:.2f} s", flush=True)
            transaction.set_rollback(True)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        import httpx

        answer = httpx.request(
            method,
            BASE + path,
            json=body,
            headers={"X-AUTH-TOKEN": self.known["token"]},
            timeout=600,
        )
        must(answer.status_code < 300, (answer.status_code, answer.text[:500]))
        return answer.json() if answer.content else None

    def fetch(self, url: str) -> bytes:
        import httpx

        answer = httpx.get(url, headers={"X-AUTH-TOKEN": self.known["token"]}, timeout=600)
        must(answer.status_code == 200, (answer.status_code, answer.text[:500]))
        return answer.content

    def report(self) -> None:
        for name, measured in self.measured.items():
            ours = statistics.median(measured.ours)
            beside = ""
            if measured.floor:
                pairs = zip(measured.ours, measured.floor, strict=True)
                ratios = [slow / fast for slow, fast in pairs]
                floor = statistics.median(measured.floor)
                beside = (
                    f"  floor {floor:6.2f} s  {statistics.median(ratios):5.2f} times"
                    f" ({min(ratios):.2f}–{max(ratios):.2f})"
                )
            print(f"{name:18} {ours:7.2f} s{beside}  server +{measured.growth:.0f} MiB")
        print(f"longest poll while it was created or stopped: {self.longest * 1000:.0f} ms")
        print(f"peak of the worker that exported: {self.peak:.0f} MiB")


def work() -> float:
    """Let a worker do what is due; its peak in MiB."""
    process = subprocess.Popen([sys.executable, "-c", WORK], cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    must(status == 0, status)
    return usage.ru_maxrss / 1024


def reset_peaks(processes: list[int]) -> None:
    for process in processes:
        Path(f"/proc/{process}/clear_refs").write_text("5")


def peak_of(process: int) -> int:
    """The most memory that it has held since its peak was reset, in KiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def must(holds: object, what: object) -> None:
    """A figure of something that went wrong says nothing."""
    if not holds:
        sys.exit(f"The bench cannot go on: {what}")


def tell_planner() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    main()
