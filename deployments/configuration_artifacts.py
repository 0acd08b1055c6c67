"""A configuration as the artifact by which a device gets it, made at the moment it is fetched."""

import io

from artifacts.formats.mender_writer import write_module_artifact
from deployments.models import Deployment

PAYLOAD_TYPE = "mender-configure"
SPACE = f"data-partition.{PAYLOAD_TYPE}"


def configuration_artifact(deployment: Deployment, device_type: str) -> bytes:
    """A .mender file without files, the same bytes whenever it is made.

    The update module `mender-configure` finds the configuration in the payload's meta-data.
    Source: Mender API, Deployments (device), Fetch Configuration.
    """
    target = io.BytesIO()
    write_module_artifact(
        target,
        name=deployment.release_name,
        device_types=[device_type],
        payload_type=PAYLOAD_TYPE,
        files=(),
        metadata=deployment.configuration,
        provides={f"{SPACE}.version": deployment.release_name},
        clears=[f"{SPACE}.*"],
    )
    return target.getvalue()
