"""The calls by which a device is configured."""

from typing import Any
from urllib.parse import urlsplit

from tests.api.mender.callers import Box, Person, stranger

MINE = "v1/deviceconfig/configuration"
# The example of the documentation.
WANTED = {"property1": "string", "property2": "string"}


def path(device: Box | str, more: str = "") -> str:
    device_id = device if isinstance(device, str) else device.device.id
    return f"v1/deviceconfig/configurations/device/{device_id}{more}"


def deployed(admin: Person, device: Box, body: Any = None) -> str:
    answer = admin.post(path(device, "/deploy"), {"retries": 0} if body is None else body)
    assert answer.status_code == 200, answer.content
    assert answer.json().keys() == {"deployment_id"}
    return str(answer.json()["deployment_id"])


def fetched(uri: str, **headers: str) -> Any:
    """What anybody gets who has the link."""
    parts = urlsplit(uri)
    return stranger("").get(f"{parts.path[1:]}?{parts.query}", **headers)


def offered(device: Box) -> str:
    offer = device.poll(artifact_name="base")
    assert offer.status_code == 200, offer.content
    return str(offer.json()["artifact"]["source"]["uri"])
