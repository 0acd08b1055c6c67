"""A rollout over a whole fleet of hawkBit's devices, which poll and report while it runs.

    python bench/rollout.py [--database URL] [--devices N] [--groups N] [--rounds N] [--callers N]
                            [--older]

First, in interleaved rounds that are rolled back, the seconds to create it, beside one INSERT …
SELECT of the same rows: only the ratio means anything. Then it is started, and processes of their
own are the devices: each polls, comes for what it is told, and reports. This process is the worker.
Told are the seconds in which each group opens (its devices have left what they were in before:
with `--older` all were to install something else), and until it is finished; the longest call and
the longest transaction of any device meanwhile. The database is made and dropped; `--database
sqlite` takes the embedded one.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.poll import installation

KEY = "bench-gateway-key"
VERSION = "2.0"
FLOOR = """
INSERT INTO deployments_devicedeployment
    (deployment_id, device_id, device_ref, device_name, software_before,
     state, substate, is_open, device_type, attempts, has_log)
SELECT {deployment}, number, CAST(number AS varchar(20)), name, software,
       'pending', '', TRUE, '', 0, FALSE
FROM fleet_device"""


def main() -> None:
    options = arguments()
    with installation(options.database):
        import django

        django.setup()
        try:
            organization, release = prepare(options.devices)
            report_creation(creation(organization, release, options))
            if options.older:
                older(organization)
            run(organization, release, options)
        finally:
            from django.db import connections

            connections.close_all()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=20_000)
    parser.add_argument("--groups", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--callers", type=int, default=2, help="processes that are the devices")
    parser.add_argument("--older", action="store_true", help="they had something else to install")
    return parser.parse_args()


def prepare(devices: int) -> tuple[Any, Any]:
    """An organization with so many devices that one gateway speaks for, and a release."""
    from fleet.models import Device, Organization
    from fleet.policies import set_policies
    from tests.make import make_actor, make_distribution_set

    home = Organization.objects.create(key="BENCH", name="Bench")
    values = {"gateway_token_enabled": True, "gateway_token": KEY}
    set_policies(actor=make_actor(home), organization=home, values=values)
    fleet = (
        Device(
            organization=home,
            identity={"controllerId": f"bench-{index}"},
            identity_digest=f"{index:064x}",
            controller_id=f"bench-{index}",
            name=f"bench-{index}",
            status="accepted",
        )
        for index in range(devices)
    )
    Device.objects.bulk_create(fleet, batch_size=2000)
    release = make_distribution_set(home, version=VERSION, files={"image.bin": b"bench"})
    tell_planner()
    return home, release


def tell_planner() -> None:
    """What the database finds out by itself within a minute."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def make(organization: Any, release: Any, name: str, groups: int) -> Any:
    from deployments.rollouts.creating import create_rollout
    from deployments.rollouts.plans import Conditions, RolloutPlan
    from tests.make import make_actor

    plan = RolloutPlan(
        name=name,
        query="controllerid==bench-*",
        release=release.number,
        amount=groups,
        conditions=Conditions(success=100),
    )
    return create_rollout(actor=make_actor(organization), organization=organization, plan=plan)


def older(organization: Any) -> None:
    """Every device is to install something else."""
    from deployments.models import Phase
    from tests.make import make_distribution_set

    release = make_distribution_set(organization, "older", files={"older.bin": b"older"})
    rollout = make(organization, release, "older", 1)
    Phase.objects.filter(deployment=rollout).update(starts_at=rollout.created_at)


def creation(organization: Any, release: Any, options: Any) -> dict[str, list[float]]:
    from django.db import connection

    from tests.make import make_deployment

    def floor() -> None:
        number = make_deployment(organization, release=release, devices=["none"]).number
        with connection.cursor() as cursor:
            cursor.execute(FLOOR.format(deployment=number))

    ways = {
        "rollout": lambda: make(organization, release, "rollout", options.groups),
        "INSERT … SELECT": floor,
    }
    readings: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(options.rounds):
        for way, create in ways.items():
            readings[way].append(seconds(create))
    return readings


def seconds(create: Callable[[], object]) -> float:
    from django.db import connection, transaction

    begun = time.perf_counter()
    with transaction.atomic():
        create()
        # What PostgreSQL leaves for the commit, which does not come.
        connection.check_constraints()
        taken = time.perf_counter() - begun
        transaction.set_rollback(True)
    return taken


def report_creation(readings: dict[str, list[float]]) -> None:
    floor = readings["INSERT … SELECT"]
    for way, taken in readings.items():
        ratios = [slow / fast for slow, fast in zip(taken, floor, strict=True)]
        print(
            f"create  {way:16} {statistics.median(taken):6.2f} s"
            f"  {statistics.median(ratios):5.2f} times the floor"
            f" ({min(ratios):.2f}–{max(ratios):.2f})",
            flush=True,
        )


def run(organization: Any, release: Any, options: Any) -> None:
    from deployments.rollouts.starting import start
    from tests.make import make_actor

    rollout = make(organization, release, "rollout", options.groups)
    tell_planner()
    begun = time.perf_counter()
    callers = [caller(options, index) for index in range(options.callers)]
    try:
        start(actor=make_actor(organization), deployment=rollout)
        print(f"start   {time.perf_counter() - begun:6.2f} s", flush=True)
        work(rollout)
        print(f"finish  {time.perf_counter() - begun:6.2f} s after the start", flush=True)
        told = [json.loads(process.communicate(timeout=120)[0]) for process in callers]
    finally:
        for process in callers:
            process.kill()
    report(rollout, told)


def caller(options: Any, index: int) -> "subprocess.Popen[str]":
    share = [str(options.devices), str(index), str(options.callers)]
    command = [sys.executable, "bench/rollout_devices.py", *share]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def work(rollout: Any) -> None:
    """Come round each second, and do the jobs as their messages come."""
    from deployments.rollouts.running import run_rollouts
    from jobs.running import run_due

    next_round = 0.0
    while rollout.finished_at is None:
        if time.monotonic() >= next_round:
            run_rollouts()
            next_round = time.monotonic() + 1
            rollout.refresh_from_db()
            if rollout.paused_at is not None:
                sys.exit(f"The rollout was paused: {rollout.paused_reason}")
        run_due()
        time.sleep(0.02)


def report(rollout: Any, told: list[dict[str, float]]) -> None:
    from deployments.models import DeviceDeployment, Phase
    from deployments.rollouts.taking_over import TAKE_OVER
    from jobs.models import Job

    jobs = {job.arguments["phase"]: job for job in Job.objects.filter(kind=TAKE_OVER)}
    for group in Phase.objects.filter(deployment=rollout).order_by("position"):
        job = jobs[group.number]
        rows = DeviceDeployment.objects.filter(phase=group).order_by("-finished_at")
        last = rows.values_list("finished_at", flat=True)[0]
        print(
            f"{group.name:9} {group.size} devices, opened in"
            f" {since(group.starts_at, job.finished_at):5.2f} s,"
            f" through after {since(group.starts_at, last):6.1f} s"
        )
    calls = sum(each["calls"] for each in told)
    print(
        f"devices   {calls:.0f} calls, {calls / max(each['seconds'] for each in told):.0f} a second"
    )
    for what in ("call", "transaction"):
        longest = max(each[what] for each in told)
        print(f"longest   {what} of a device {longest * 1000:.0f} ms")


def since(begun: Any, ended: Any) -> float:
    return float((ended - begun).total_seconds())


if __name__ == "__main__":
    main()
