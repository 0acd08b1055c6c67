"""The older two ways to ask answer as the newer one does."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.mender.callers import Box, error_of
from tests.api.mender.lanes import HAS, V1, ThroughDjango, ThroughTheLane
from tests.make import make_deployment

Way = ThroughDjango | ThroughTheLane


def by_query(way: Way, box: Box, has: dict[str, str]) -> Any:
    headers = {"Authorization": f"Bearer {box.token}", "content_type": ""}
    return way.call("GET", f"{V1}?{urlencode(has)}", **headers)


def by_body(way: Way, box: Box, has: dict[str, str]) -> Any:
    return way.call("POST", V1, json.dumps(has).encode(), Authorization=f"Bearer {box.token}")


@pytest.mark.parametrize("ask", [by_query, by_body])
def test_there_is_nothing(way: Way, device: Box, ask: Any) -> None:
    answer = ask(way, device, HAS)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("ask", [by_query, by_body])
def test_there_is_something(way: Way, device: Box, ask: Any) -> None:
    deployment = make_deployment(devices=[device.device])
    assert ask(way, device, HAS).json()["id"] == str(deployment.id)


@pytest.mark.parametrize("ask", [by_query, by_body])
def test_it_has_to_say_what_it_has(way: Way, device: Box, ask: Any) -> None:
    error_of(ask(way, device, {"artifact_name": "old"}), 400)


@pytest.mark.parametrize("ask", [by_query, by_body])
def test_it_cannot_become_another_device_in_between(way: Way, device: Box, ask: Any) -> None:
    make_deployment(devices=[device.device])
    assert ask(way, device, HAS).status_code == 200
    error_of(ask(way, device, {**HAS, "device_type": "toaster"}), 409)
