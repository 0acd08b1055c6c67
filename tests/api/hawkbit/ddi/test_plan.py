"""PostgreSQL answers the poll by its indexes, among many devices and many actions."""

import re
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from deployments.candidates import moment
from deployments.instructing import look, statement
from deployments.models import Deployment, DeviceDeployment, Phase
from fleet.models import Device, Organization, SecurityToken
from query.planning import planned_for_its_values
from tests.make import make_distribution_set, make_organization

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="the plans are those of PostgreSQL"
    ),
]
DEVICES = 20_000
ACTIONS_EACH = 2


def fill(organization: Organization) -> None:
    Device.objects.bulk_create(
        (
            Device(
                organization=organization,
                identity={"controllerId": f"d{number}"},
                identity_digest=f"{number:064x}",
                controller_id=f"d{number}",
                name=f"d{number}",
                status="accepted",
                software="fw:0",
            )
            for number in range(DEVICES)
        ),
        batch_size=2000,
    )
    devices = list(Device.objects.order_by("number").only("number", "id"))
    SecurityToken.objects.bulk_create(
        (SecurityToken(device=device, sealed="-", digest="0" * 64) for device in devices),
        batch_size=2000,
    )
    for number in range(ACTIONS_EACH):
        assign_all(organization, devices, number)


def assign_all(organization: Organization, devices: list[Device], number: int) -> None:
    """A rollout to all, finished in all but the last one."""
    now = timezone.now()
    is_over = number < ACTIONS_EACH - 1
    release = make_distribution_set(organization, "fw", str(number))
    deployment = Deployment.objects.create(
        organization=organization,
        name=f"rollout {number}",
        release=release,
        release_name=release.name,
        origin=Deployment.Origin.ROLLOUT,
        weight=1000,
        target=Deployment.Target.DEVICES,
        size=DEVICES,
        request_digest=str(number),
        finished_at=now if is_over else None,
    )
    phase = Phase.objects.create(deployment=deployment, position=0, starts_at=now)
    DeviceDeployment.objects.bulk_create(
        (
            DeviceDeployment(
                deployment=deployment,
                device=device,
                device_ref=str(device.id),
                phase=phase,
                state="success" if is_over else "pending",
                is_open=not is_over,
                finished_at=now if is_over else None,
                admitted_at=now if is_over else None,
            )
            for device in devices
        ),
        batch_size=2000,
    )


def test_every_large_table_is_read_by_an_index() -> None:
    organization = make_organization()
    fill(organization)
    values: dict[str, Any] = {
        "tenant": organization.key,
        "tenant_upper": organization.key,
        "is_default": False,
        "usual": "DEFAULT",
        "controller_id": f"d{DEVICES // 2}",
        "now": moment(timezone.now()),
    }
    with connection.cursor() as cursor, planned_for_its_values():
        cursor.execute("ANALYZE")
        cursor.execute(f"EXPLAIN {statement()}", values)
        plan = "\n".join(line for (line,) in cursor)
    scanned = set(re.findall(r"Seq Scan on (\w+)", plan))
    large = {"fleet_device", "fleet_securitytoken", "deployments_devicedeployment"}
    assert not scanned & large, plan
    found = look(organization.key, f"d{DEVICES // 2}", timezone.now())
    assert found is not None
    assert found.instruction is not None
    assert found.installed is not None
