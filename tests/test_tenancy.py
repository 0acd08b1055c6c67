"""Another organization's things are not there: every address with an id in it is tried.

A new address is tried without being named here as long as its parameters are; one whose
parameters are not, or that answers otherwise, fails until somebody has thought about it.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from api import endpoints
from api.hawkbit.ddi.resources import DeviceResource
from api.hawkbit.resources import Resource
from api.v1.endpoints import Endpoint
from tests.api.mender.callers import person
from tests.two_organizations import World, kept_of, two_organizations

NEXT = "api/devices/v1/deployments/device/deployments"
MANAGEMENT = "api/management"
WALKED = (Endpoint, Resource, DeviceResource, endpoints.Endpoint)
# Not about things of an organization, with the reason.
ELSEWHERE = {
    "admin/": "shows the organizations that a person administers, which its own tests try",
    "files/artifacts/<uuid:artifact_id>/<path:name>": "a signed link is its own proof",
    "files/uploads/<uuid:upload_id>": "a signed link is its own proof",
    "files/exports/<uuid:export_id>/<str:name>": "a signed link is its own proof",
    f"{MANAGEMENT}/v2/devauth/limits/<str:name>": "the name of a limit of one's own",
    "api/devices/v1/deployments/download/configuration"
    "/<str:deployment_id>/<path:device_type>/<str:device_id>": "a signed link is its own proof",
}
# Where it is documented that what is not there is not an error.
OTHERWISE = {
    ("DELETE", f"{MANAGEMENT}/v1/deployments/deployments/devices/<str:device_id>"): 204,
    # A group that nobody here is in has nobody to deploy to.
    ("POST", f"{MANAGEMENT}/v1/deployments/deployments/group/<str:name>"): 400,
}
BODIES: dict[tuple[str, str], Any] = {
    ("PUT", f"{NEXT}/<str:deployment_id>/status"): {"status": "success"},
    ("PUT", f"{NEXT}/<str:deployment_id>/log"): {
        "messages": [{"timestamp": "2030-01-01T00:00:00Z", "level": "INFO", "message": "m"}]
    },
    ("PUT", f"{MANAGEMENT}/v1/deployments/artifacts/<str:artifact_id>"): {"description": "d"},
    ("PATCH", f"{MANAGEMENT}/v1/deployments/deployments/<str:deployment_id>"): {
        "update_control_map": {}
    },
    ("PUT", f"{MANAGEMENT}/v1/deployments/deployments/<str:deployment_id>/status"): {
        "status": "aborted"
    },
    ("PUT", f"{MANAGEMENT}/v2/deployments/deployments/releases/<path:release_name>/tags"): ["mine"],
    ("POST", f"{MANAGEMENT}/v1/deployments/deployments/group/<str:name>"): {
        "name": "mine",
        "artifact_name": "mine",
    },
    (
        "PUT",
        f"{MANAGEMENT}/v2/devauth/devices/<str:device_id>/auth/<str:auth_set_id>/status",
    ): {"status": "accepted"},
    ("PUT", f"{MANAGEMENT}/v1/inventory/devices/<str:device_id>/group"): {"group": "mine"},
    ("PUT", f"{MANAGEMENT}/v1/inventory/devices/<str:device_id>/tags"): [],
    ("PATCH", f"{MANAGEMENT}/v1/inventory/devices/<str:device_id>/tags"): [],
}
IDS_IN_BODY = {
    ("PATCH", f"{MANAGEMENT}/v1/inventory/groups/<str:name>/devices"): "device_id",
    ("DELETE", f"{MANAGEMENT}/v1/inventory/groups/<str:name>/devices"): "device_id",
}


def routes() -> Iterator[tuple[str, URLPattern]]:
    yield from _below("", get_resolver().url_patterns)


def _below(
    prefix: str, patterns: list[URLPattern | URLResolver]
) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        # Our own API, hawkBit's and those of jobs have walks of their own, in their folders.
        view = getattr(pattern.callback, "view_class", None)
        if route in ELSEWHERE or (view and issubclass(view, WALKED)):
            continue
        if isinstance(pattern, URLResolver):
            yield from _below(route, pattern.url_patterns)
        elif "<" in route:
            yield route, pattern


ROUTES = list(routes())


def answers(world: World, route: str, pattern: URLPattern) -> dict[str, int]:
    """The status for each method, asked with all rights in another organization."""
    parameters = pattern.pattern.converters
    missing = set(parameters) - set(world.theirs)
    assert not missing, f"{route}: say in `World.theirs` what {missing} of others are"
    path = route
    for name, converter in parameters.items():
        kind = {
            "StringConverter": "str",
            "UUIDConverter": "uuid",
            "IntConverter": "int",
            "PathConverter": "path",
        }
        path = path.replace(f"<{kind[type(converter).__name__]}:{name}>", world.theirs[name])
    if route.startswith("api/"):
        return {method: _call(world, method, path, route) for method in pattern.callback.views}
    return {method: _browse(world, method, path) for method in ("GET", "POST")}


def _call(world: World, method: str, path: str, route: str) -> int:
    caller = world.admin if route.startswith(MANAGEMENT) else world.device
    body = BODIES.get((method, route), {})
    if listed := IDS_IN_BODY.get((method, route)):
        body = [world.theirs[listed]]
    answer = caller.call(method, path.removeprefix(f"{caller.root[1:]}/"), body)
    return int(answer.status_code)


def _browse(world: World, method: str, path: str) -> int:
    answer = world.browser.generic(method, f"/{path}", headers={"Origin": "http://testserver"})
    return answer.status_code


@pytest.fixture
def world(db: None) -> World:
    return two_organizations()


@pytest.mark.parametrize(("route", "pattern"), ROUTES, ids=[route for route, _ in ROUTES])
def test_what_others_have_is_not_there(world: World, route: str, pattern: URLPattern) -> None:
    before = kept_of(world.organization)
    found = answers(world, route, pattern)
    if route.startswith("api/"):
        expected = {method: OTHERWISE.get((method, route), 404) for method in found}
        assert found == expected
    else:
        assert set(found.values()) <= {404, 405}
        assert 404 in found.values()
    assert kept_of(world.organization) == before


def test_there_is_something_to_try() -> None:
    assert len(ROUTES) >= 25


def test_one_s_own_are_there(world: World) -> None:
    """The same ids asked for by their owner: the test above does not pass for a wrong reason."""
    owner = person(world.organization)
    theirs = world.theirs
    for path in [
        f"v2/devauth/devices/{theirs['device_id']}",
        f"v2/devauth/devices/{theirs['device_id']}/auth/{theirs['auth_set_id']}/status",
        f"v1/inventory/devices/{theirs['device_id']}/group",
        f"v1/inventory/groups/{theirs['name']}/devices",
        f"v1/deployments/artifacts/{theirs['artifact_id']}",
        f"v1/deployments/deployments/{theirs['deployment_id']}/devices/list",
        f"v1/useradm/users/{theirs['user_id']}",
    ]:
        assert owner.get(path).status_code == 200, path
