"""Sensors in these tests: devices of a kit, versions to bring them, and what they do."""

from typing import Any

from artifacts.models import Release
from fleet.models import Device, KitType, Organization, SensorKit
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.mender.callers import Box, box
from tests.make import make_device, upload_artifact

OLD, NEW = "3.5.3.82", "3.7.2.81"


def make_kit(
    organization: Organization, kit_type: str = "MAC", *, device_type: str = "board"
) -> None:
    """Devices of that type are of the kit."""
    kit, _ = SensorKit.objects.get_or_create(organization=organization, kit_type=KitType(kit_type))
    kit.device_types.append(device_type)
    kit.save()


def make_version(organization: Organization, version: str = NEW, **facts: Any) -> Release:
    """A release of that version, with a real file for devices of type "board"."""
    name = facts.pop("name", f"sensor-{version}")
    release = upload_artifact(organization, name, **facts).release
    Release.objects.filter(pk=release.pk).update(version=version)
    release.refresh_from_db()
    return release


def sensor(organization: Organization, name: str, **facts: Any) -> Device:
    """A device of the kit MAC that cannot call."""
    return make_device(organization, name=name, **_told(facts))


def calling(organization: Organization, name: str, **facts: Any) -> Box:
    """A device of the kit MAC that speaks Mender's language."""
    return box(organization, name=name, **_told(facts))


def created(script: CarbonBlack, **more: Any) -> dict[str, Any]:
    """A job for whoever there is, for the kit MAC to 3.7.2.81, as it was answered."""
    body = {"name": "Upgrade", "options": {"sensor_version": {"MAC": NEW}}, **more}
    if not {"search_definition", "device_ids", "device_id"} & body.keys():
        body["search_definition"] = {}
    answer = script.post("", body)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def sensors_of(script: CarbonBlack, job: dict[str, Any], **asked: Any) -> list[dict[str, Any]]:
    answer = script.post(f"/{job['id']}/sensors/_search", asked)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def shown(script: CarbonBlack, job: dict[str, Any]) -> dict[str, Any]:
    """The job as it is now."""
    answer = script.get(f"/{job['id']}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def counts(job: dict[str, Any]) -> str:
    """targeted = updated + pending + processing + failed, and how many percent that is."""
    numbers = [job[name] for name in ("updated", "pending", "processing", "failed")]
    assert job["targeted"] == sum(numbers)
    assert job["failed"] == sum(job["failed_sensor_counts"].values())
    return f"{job['status']} {' '.join(map(str, numbers))} {job['percent_complete']}%"


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    version = facts.pop("version", OLD)
    defaults = {"kit_type": "MAC", "sensor_version": version, "device_type": "board"}
    inventory = {"sensor_version": version, **facts.pop("inventory", {})}
    return {"inventory": inventory, **defaults, **facts}
