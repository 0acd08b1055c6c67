"""Conditions that an index answers on PostgreSQL are answered by it."""

import pytest
from django.db import connection

from fleet.conditions import devices_matching
from fleet.models import Device, Inventory
from tests.make import make_organization

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="plans of PostgreSQL"),
]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("tag==eu", "device_has_tag"),
        ("tag=in=(eu,us)", "device_has_tag"),
        ("name==edge-1*", "devices_sorted_by_name"),
        ("name=ge=edge-1;name=lt=edge-2", "devices_sorted_by_name"),
    ],
)
def test_an_index_is_taken(query: str, index: str) -> None:
    home = make_organization()
    devices = Device.objects.bulk_create(
        Device(
            organization=home,
            identity={"n": number},
            identity_digest=f"{number:064}",
            name=f"edge-{number:05}",
        )
        for number in range(10, 3000)
    )
    Inventory.objects.bulk_create(
        Inventory(
            device=device,
            attributes={"tags": {"eu": 1} if device.number % 500 == 0 else {}},
        )
        for device in devices
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE fleet_device, fleet_inventory")
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = devices_matching(Device.objects.of(home), home, query)
    assert index in rows.order_by().explain()
