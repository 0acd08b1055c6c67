"""Devices of type "board" that run "old" call, and say how it goes."""

from deployments.models import Deployment, DeviceDeployment
from deployments.offers import Offer, poll
from deployments.reporting import report
from deployments.states import State
from fleet.models import Device
from tests.make import make_claims


def call(device: Device, software: str = "old") -> Offer | None:
    return poll(make_claims(device), {"device_type": "board", "artifact_name": software})


def say(device: Device, deployment: Deployment, *states: str) -> None:
    for state in states:
        report(device=device, deployment_id=deployment.id, state=State(state), substate=None)


def offered(device: Device) -> str:
    """The id of the deployment that the device's call is answered with, empty if there is none."""
    offer = call(device)
    return str(offer.deployment_id) if offer else ""


def part(device: Device, deployment: Deployment) -> DeviceDeployment:
    return DeviceDeployment.objects.get(deployment=deployment, device_ref=str(device.id))
