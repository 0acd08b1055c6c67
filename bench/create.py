"""Seconds to create a deployment for a whole fleet, beside writing the same rows one by one.

    python bench/create.py [--database URL] [--devices N] [--rounds N]

Rounds are interleaved and rolled back: all accepted devices, the same devices as a list of ids,
and Django's bulk_create. Only ratios of one run mean anything. The database is made and dropped;
`--database sqlite` takes the embedded one.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.poll import installation


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", default="postgres://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--devices", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with installation(options.database):
        try:
            report(measure(options.devices, options.rounds))
        finally:
            close()


def measure(devices: int, rounds: int) -> dict[str, list[float]]:
    import django

    django.setup()
    ways = prepare(devices)
    readings: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, create in ways.items():
            readings[way].append(seconds(create))
    return readings


def prepare(devices: int) -> dict[str, Callable[[], object]]:
    from deployments.models import Deployment, DeviceDeployment
    from fleet.models import Device, Organization
    from tests.make import make_artifact, make_deployment, make_release

    organization = Organization.objects.create(key="BENCH", name="Bench")
    fleet = (
        Device(
            organization=organization,
            identity={"sn": str(index)},
            identity_digest=f"{index:064x}",
            name=f"bench-{index}",
            status="accepted",
        )
        for index in range(devices)
    )
    Device.objects.bulk_create(fleet, batch_size=2000)
    rows = list(Device.objects.order_by("number").values_list("number", "id", "name"))
    release = make_artifact(make_release(organization)).release

    def one_by_one() -> None:
        deployment: Deployment = make_deployment(organization, release=release, devices=["none"])
        DeviceDeployment.objects.bulk_create(
            (
                DeviceDeployment(
                    deployment=deployment, device_id=number, device_ref=str(id_), device_name=name
                )
                for number, id_, name in rows
            ),
            batch_size=2000,
        )

    return {
        "all": lambda: make_deployment(organization, release=release),
        "listed": lambda: make_deployment(
            organization, release=release, devices=[str(id_) for _, id_, _ in rows]
        ),
        "bulk_create": one_by_one,
    }


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


def report(readings: dict[str, list[float]]) -> None:
    floor = readings["bulk_create"]
    for way, taken in readings.items():
        ratios = [slow / fast for slow, fast in zip(floor, taken, strict=True)]
        print(
            f"{way:12} {statistics.median(taken):7.2f} s"
            f"  {statistics.median(ratios):5.2f} times as fast as bulk_create"
            f" ({min(ratios):.2f}–{max(ratios):.2f})"
        )


def close() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    main()
