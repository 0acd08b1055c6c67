"""Jobs and devices, for tools that look at all of Digi's API."""

import json

from fleet.models import Organization
from tests.api.digi.callers import digi_caller
from tests.make import make_deployment, make_device

SOME = 12


def inhabit() -> None:
    """Print, as JSON, who may ask and what there is, by the names of parameters."""
    organization = Organization.objects.get()
    caller = digi_caller(organization)
    devices = [make_device(organization, device_type="board", group="north") for _ in range(SOME)]
    jobs = [make_deployment(organization, devices=[device]) for device in devices]
    numbers = [str(each.number) for each in jobs]
    print(json.dumps({"authorization": caller.authorization, "known": {"job_id": numbers}}))
