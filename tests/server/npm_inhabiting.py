"""An appliance with images, for tools that look at all that Riverbed's API names."""

import json

from fleet.models import Organization
from tests.api.npm.callers import npm_caller
from tests.make import make_target, upload_artifact

SOME = 6


def inhabit() -> None:
    """Print, as JSON, who may ask and what there is, by the names of parameters.

    The appliance is whatever is called by the address of this machine.
    """
    organization = Organization.objects.get()
    device = make_target(organization, "probe", device_type="AR11", host_name="127.0.0.1")
    images = [
        upload_artifact(organization, f"fw-{number}", device_types=["AR11"]).pk
        for number in range(SOME)
    ]
    headers = npm_caller(device).authorization
    print(json.dumps({"authorization": headers, "known": {"image_id": [str(n) for n in images]}}))
