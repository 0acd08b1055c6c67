"""A fleet for the benches: devices with inventories, tags and calls, on either database."""

from datetime import UTC, datetime, timedelta
from typing import Any

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
COLORS = ("red", "green", "blue", "white")


def make_fleet(devices: int) -> Any:
    """An organization with so many devices, and the planner told of them."""
    from django.db import connection, transaction

    from fleet.models import Contact, Device, Inventory, Organization

    home = Organization.objects.create(key="BENCH", name="Bench")
    with transaction.atomic():
        for start in range(0, devices, 10_000):
            span = range(start, min(devices, start + 10_000))
            made = Device.objects.bulk_create(_device(home, number) for number in span)
            Inventory.objects.bulk_create(map(_inventory, made, span))
            Contact.objects.bulk_create(
                Contact(device=device, seen_at=MOMENT + timedelta(seconds=number * 7919 % 259_200))
                for device, number in zip(made, span, strict=True)
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return home


def _device(home: Any, number: int) -> Any:
    from fleet.models import Device

    return Device(
        organization=home,
        identity={"mac": f"mac-{number}"},
        identity_digest=f"{number:064x}",
        name=f"bench-{number}",
        status="pending" if number % 100 == 0 else "accepted",
        group=f"g{number % 100}",
        device_type=f"board-{number % 8}",
        software=f"release-{number % 30}",
        created_at=MOMENT - timedelta(seconds=number),
    )


def _inventory(device: Any, number: int) -> Any:
    from fleet.models import Inventory

    told = {
        "serial": f"SN{number:08x}",
        "color": COLORS[number % 4],
        "mem": number * 7919 % 100_000,
        "os": "Debian 12",
        "kernel": f"6.1.{number % 20}",
        "hostname": f"host-{number}",
        "ip": f"10.0.{number % 256}.{number // 256 % 256}",
        "ipv6": [f"fe80::{number:x}", f"fd00::{number:x}"],
    }
    tags = {"region": f"region-{number % 300}"}
    return Inventory(device=device, attributes={"inventory": told, "tags": tags})
