"""Fill a database for bench/poll: devices, a release, an instruction for half of the polled ones.

Writes the tokens of the polled devices to the file named by TOKENS.
"""

import os
import sys
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

from django.db import connection
from django.utils import timezone

from artifacts.models import Artifact, Fit, Release
from deployments.models import Deployment, DeviceDeployment, Phase
from deployments.states import State
from fleet import device_tokens
from fleet.models import AuthSet, Device, Organization


def main(devices: int, polled: int) -> None:
    organization = Organization.objects.create(key="BENCH", name="Bench")
    Device.objects.bulk_create(
        (
            Device(
                organization=organization,
                identity={"sn": str(index)},
                identity_digest=f"{index:064x}",
                name=f"bench-{index}",
                status="accepted",
                device_type="bench",
            )
            for index in range(devices)
        ),
        batch_size=2000,
    )
    AuthSet.objects.bulk_create(
        (
            AuthSet(
                device=device,
                public_key="bench",
                key_digest=device.identity_digest,
                status="accepted",
                token_issued_at=timezone.now(),
            )
            for device in Device.objects.iterator()
        ),
        batch_size=2000,
    )
    instruct(organization, list(Device.objects.order_by("number")[: polled // 2]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sets = AuthSet.objects.select_related("device__organization").order_by("device_id")[:polled]
    Path(os.environ["TOKENS"]).write_text("\n".join(device_tokens.issue(s) for s in sets) + "\n")


def instruct(organization: Organization, devices: list[Device]) -> None:
    """Give each an instruction that it has asked for and not begun."""
    release = Release.objects.create(organization=organization, name="after")
    artifact = Artifact.objects.create(
        organization=organization,
        release=release,
        file="bench.mender",
        size=10240,
        sha256="0" * 64,
        format="mender",
        format_version=3,
        device_types=["bench"],
        provides={"artifact_name": "after"},
        depends={"device_type": ["bench"]},
    )
    Fit.objects.create(artifact=artifact, release=release, device_type="bench", depends_digest="0")
    now = timezone.now()
    deployment = Deployment.objects.create(
        organization=organization,
        name="bench",
        release=release,
        release_name="after",
        target=Deployment.Target.DEVICES,
        size=len(devices),
        request_digest="0",
        created_by="bench",
    )
    phase = Phase.objects.create(deployment=deployment, position=0, starts_at=now)
    DeviceDeployment.objects.bulk_create(
        (
            DeviceDeployment(
                deployment=deployment,
                device=device,
                device_ref=str(device.id),
                state=State.PENDING,
                phase=phase,
                artifact=artifact,
                device_type="bench",
                attempts=1,
                is_instructed=True,
                admitted_at=now,
            )
            for device in devices
        ),
        batch_size=2000,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
