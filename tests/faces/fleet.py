"""Devices of both languages that can be given a version of one sensor kit."""

from dataclasses import dataclass
from typing import Any

from deployments.models import Deployment, DeviceDeployment
from fleet.models import Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, controller
from tests.api.mender.callers import Box, box
from tests.make import make_target

KIT = "UBUNTU"
TYPE = "board"
# What a device of either language says when it has come so far.
MENDER_WORDS = {
    "downloading": "downloading",
    "installing": "installing",
    "success": "success",
    "failure": "failure",
}
DDI_WORDS = {
    "downloading": ("download", "none"),
    "installing": ("proceeding", "none"),
    "success": ("closed", "success"),
    "failure": ("closed", "failure"),
}


@dataclass
class MenderDevice:
    """A device that polls Mender's API."""

    box: Box
    runs: str

    @property
    def device(self) -> Device:
        return self.box.device

    def poll(self) -> str:
        """The id of the deployment that it is told, empty if there is nothing to do."""
        answer = self.box.poll(self.runs, TYPE)
        return str(answer.json()["id"]) if answer.status_code == 200 else ""

    def report(self, deployment: Deployment, word: str) -> int:
        return int(self.box.report(deployment.id, MENDER_WORDS[word]).status_code)


@dataclass
class DdiDevice:
    """A device that polls hawkBit's API for devices."""

    controller: Controller
    device: Device

    def poll(self) -> str:
        """It comes for what it is told, and says that it leaves what it is to leave."""
        answer = self.controller.get()
        links = answer.json().get("_links", {}) if answer.status_code == 200 else {}
        if "cancelAction" in links:
            path = links["cancelAction"]["href"].split("?")[0]
            self.controller.say(path, "closed", "success")
        elif "deploymentBase" in links:
            path = links["deploymentBase"]["href"].split("?")[0]
            self.controller.get(path)
            row = DeviceDeployment.objects.get(number=int(path.rsplit("/", 1)[1]))
            return str(row.deployment.id)
        return ""

    def report(self, deployment: Deployment, word: str) -> int:
        row = DeviceDeployment.objects.filter(deployment=deployment, device=self.device).first()
        if row is None:
            return 404
        execution, finished = DDI_WORDS[word]
        return self.controller.say(f"deploymentBase/{row.number}", execution, finished)


Speaker = MenderDevice | DdiDevice


def mender_device(organization: Organization, runs: str, **facts: Any) -> MenderDevice:
    facts = {"device_type": TYPE, "software": runs, "kit_type": KIT, **facts}
    return MenderDevice(box(organization, **facts), runs)


def ddi_device(organization: Organization, runs: str, **facts: Any) -> DdiDevice:
    facts = {"device_type": TYPE, "software": runs, "kit_type": KIT, **facts}
    told = {"device_type": TYPE, "artifact_name": runs, "sensor_kit_type": KIT}
    device = make_target(organization, attributes=told, **facts)
    return DdiDevice(controller(device), device)
