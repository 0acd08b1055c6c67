"""A poll, asked of Django and of the fast lane in front of it."""

import io
import json
from dataclasses import dataclass
from typing import Any

from django.test import Client, RequestFactory

from api.mender.fast_lane import FastLane
from tests.api.mender.callers import Box

PREFIX = "/api/devices"
NEXT = "deployments/device/deployments/next"
V1, V2 = f"v1/{NEXT}", f"v2/{NEXT}"
HAS = {"artifact_name": "old", "device_type": "board"}


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    def json(self) -> Any:
        return json.loads(self.content)


class ThroughDjango:
    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        content_type = headers.pop("content_type", "application/json")
        return Client(enforce_csrf_checks=True).generic(
            method, f"{PREFIX}/{path}", body, content_type=content_type, headers=spelt(headers)
        )


class ThroughTheLane:
    """What the lane does not answer itself is an error of the test."""

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        content_type = headers.pop("content_type", "application/json")
        request = RequestFactory().generic(
            method, f"{PREFIX}/{path}", body, content_type=content_type, headers=spelt(headers)
        )
        return through_lane(request.environ)


def ask(way: ThroughDjango | ThroughTheLane, box: Box, provides: Any = HAS, **headers: str) -> Any:
    body = json.dumps({"device_provides": provides, "update_control_map": True}).encode()
    return way.call("POST", V2, body, Authorization=f"Bearer {box.token}", **headers)


def through_lane(environ: dict[str, Any]) -> Answer:
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
        told[:] = [int(status.split(maxsplit=1)[0]), dict(headers)]

    body = b"".join(FastLane(beside_the_lane)(environ, start_response))
    return Answer(told[0], told[1], body)


def beside_the_lane(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("299 Not Ours", [])
    return []


def chunked(path: str, body: bytes, **headers: str) -> dict[str, Any]:
    """The environ of a POST whose body has no announced length."""
    request = RequestFactory().post(
        f"{PREFIX}/{path}", b"", content_type="application/json", headers=spelt(headers)
    )
    environ: dict[str, Any] = request.environ
    environ.pop("CONTENT_LENGTH", None)
    return environ | {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True}


def spelt(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
