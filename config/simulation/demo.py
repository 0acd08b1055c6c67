"""What the demo's operator does: let devices in, upload two releases, roll them out."""

import io
import secrets
from datetime import timedelta

from django.utils import timezone

from artifacts.formats.mender_writer import write_module_artifact
from artifacts.models import Release
from artifacts.operations import add_artifact
from artifacts.storage import Incoming
from auditlog.actor import Actor, system
from deployments.creating import create_deployment
from deployments.models import Deployment, DeploymentQuerySet
from deployments.planning import PhasePlan, Plan
from fleet.admission import set_status
from fleet.models import AuthSet, Device, Organization
from fleet.states import Admission

DEVICES = 60
DEVICE_TYPES = ["gateway", "kiosk", "scanner"]
# The last few stay outside, so that there is somebody to let in by hand.
LEFT_PENDING = 3
SEED = "demo"
FACTORY_SOFTWARE = "quay-1.0"
FIRST_RELEASE, SECOND_RELEASE = "quay-1.1", "quay-1.2"


class Operator:
    """One look at the fleet at a time; each step is taken once and never again."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self.actor: Actor = system(organization.pk, via="demo")

    def act(self) -> None:
        """Do what can be done next; safe to call again and again."""
        self._accept_devices()
        for name in (FIRST_RELEASE, SECOND_RELEASE):
            self._upload(name)
        if not self._fleet_is_here():
            return
        first = self._deployments().filter(release_name=FIRST_RELEASE).first()
        if first is None:
            self._deploy("Quay 1.1 to everything", FIRST_RELEASE, ())
        elif (
            first.finished_at
            and not self._deployments().filter(release_name=SECOND_RELEASE).exists()
        ):
            self._deploy("Quay 1.2, step by step", SECOND_RELEASE, _four_phases())

    def _deployments(self) -> DeploymentQuerySet:
        return Deployment.objects.of(self.organization)

    def _accept_devices(self) -> None:
        here = Device.objects.of(self.organization).filter(status=Admission.ACCEPTED).count()
        room = DEVICES - LEFT_PENDING - here
        if room <= 0 or self._deployments().exists():
            return
        waiting = AuthSet.objects.of(self.organization).filter(
            status=Admission.PENDING, device__status=Admission.PENDING
        )
        for auth_set in waiting[:room]:
            set_status(actor=self.actor, auth_set=auth_set, status=Admission.ACCEPTED)

    def _fleet_is_here(self) -> bool:
        reported = Device.objects.of(self.organization).accepted().exclude(device_type="")
        return reported.count() >= DEVICES - LEFT_PENDING

    def _upload(self, name: str) -> None:
        if Release.objects.of(self.organization).filter(name=name).exists():
            return
        for device_type in DEVICE_TYPES:
            with Incoming(self.organization) as incoming:
                for chunk in _artifact(name, device_type):
                    incoming.write(chunk)
                add_artifact(
                    actor=self.actor, incoming=incoming, description=f"Demo, for each {device_type}"
                )

    def _deploy(self, title: str, release: str, phases: tuple[PhasePlan, ...]) -> None:
        plan = Plan(name=title, release_name=release, target=Deployment.Target.ALL, phases=phases)
        create_deployment(actor=self.actor, organization=self.organization, plan=plan)


def _four_phases() -> tuple[PhasePlan, ...]:
    now = timezone.now()
    return (
        PhasePlan(percent=10, starts_at=now),
        PhasePlan(percent=25, starts_at=now + timedelta(minutes=1)),
        PhasePlan(percent=35, starts_at=now + timedelta(minutes=4)),
        PhasePlan(percent=None, starts_at=now + timedelta(hours=6)),
    )


def _artifact(name: str, device_type: str) -> list[bytes]:
    target, payload = io.BytesIO(), io.BytesIO(secrets.token_bytes(96 * 1024))
    write_module_artifact(
        target,
        name=name,
        device_types=[device_type],
        payload_type="slipway-demo",
        files=[(f"{name}-{device_type}.bin", payload)],
    )
    content = target.getvalue()
    return [content[start : start + 65536] for start in range(0, len(content), 65536)]
