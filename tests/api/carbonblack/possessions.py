"""One of everything that addresses of Carbon Black's APIs name."""

import re
from dataclasses import dataclass

from artifacts.models import Release
from jobs.running import run_due
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.fleet_of_sensors import NEW, created, make_kit, make_version, sensor

PARAMETER = re.compile(r"{(\w+)}")
VERSION = {"sensor_version": {"MAC": NEW}}


@dataclass(frozen=True)
class Possessions:
    """By the name of the parameter; `device` is a number that bodies name."""

    known: dict[str, str]

    def at(self, path: str) -> str:
        """The path with what there is in the place of its parameters, but for the organization."""
        return PARAMETER.sub(lambda found: self.known.get(found[1], found[0]), path)


def possess(script: CarbonBlack) -> Possessions:
    """Make them; the version and its kit once, however often it is called."""
    if not Release.objects.of(script.organization).filter(version=NEW).exists():
        make_kit(script.organization)
        make_version(script.organization)
    device = sensor(script.organization, "mac")
    job = created(script)
    export = script.post(f"/{job['id']}/sensors/_export", {}).json()
    run_due()
    return Possessions(
        {
            "job_id": job["id"],
            "number": str(export["job_service_id"]),
            "device_id": str(device.number),
        }
    )
