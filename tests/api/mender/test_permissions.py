"""Every management path asks who calls, and for the right permission."""

import re
from typing import Any

import pytest

from api.mender.resources import Resource
from api.mender.urls import urlpatterns
from fleet.models import Organization, Role
from tests.api.mender.callers import Box, Person, error_of, person, stranger

ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
# What everybody may do: sign out, look, and keep tokens of their own.
OPEN_TO_VIEWERS = {
    ("PUT", "v1/useradm/2faverify"),
    ("POST", "v1/useradm/settings/me"),
    ("PUT", "v1/useradm/users/me"),
    ("PUT", "v2/useradm/users/me"),
    ("POST", "v1/useradm/auth/logout"),
    ("POST", "v1/useradm/settings/tokens"),
    ("DELETE", f"v1/useradm/settings/tokens/{ID}"),
    ("POST", "v2/devauth/devices/search"),
    ("POST", "v2/inventory/filters/search"),
    ("POST", "v1/deployments/deployments/statistics/list"),
}
OPEN_TO_ALL = {("POST", "v1/useradm/auth/login")}
# A device that introduces itself has none yet; a signed link is its own proof.
NEEDS_NO_TOKEN = re.compile(r"/auth_requests$|/download/configuration/")


def calls_below(root: str) -> list[tuple[str, str]]:
    """Each method of each path of the dialect below `root`, with an id that nothing has."""
    return [
        (method, path.removeprefix(root))
        for pattern in urlpatterns
        if isinstance(pattern.callback, Resource)
        for path in ["/".join(_filled(part) for part in str(pattern.pattern).split("/"))]
        if path.startswith(root)
        for method in pattern.callback.views
    ]


def _filled(part: str) -> str:
    return ID if part.startswith("<") else part


MANAGEMENT = [call for call in calls_below("api/management/") if call not in OPEN_TO_ALL]


@pytest.mark.parametrize(("method", "path"), MANAGEMENT)
def test_management_is_for_people(device: Box, method: str, path: str) -> None:
    caller = stranger()
    answer = caller.call(method, path, {})
    assert error_of(answer, 401) == "Authorization not present in header"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="ManagementJWT"'
    for token in [device.token, "nonsense", "é"]:
        caller.token = token
        error_of(caller.call(method, path, {}), 401)


@pytest.mark.parametrize(
    ("method", "path"),
    [call for call in calls_below("api/devices/") if not NEEDS_NO_TOKEN.search(call[1])],
)
def test_the_device_api_is_for_devices(admin: Person, method: str, path: str) -> None:
    for token in [admin.token, "nonsense", ""]:
        caller = stranger("/api/devices")
        caller.token = token
        answer = caller.call(method, path, {})
        error_of(answer, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="DeviceJWT"'


@pytest.mark.parametrize(("method", "path"), MANAGEMENT)
def test_a_viewer_looks_and_changes_nothing(
    organization: Organization, method: str, path: str
) -> None:
    viewer = person(organization, Role.VIEWER)
    answer = viewer.call(method, path, {})
    if method == "GET" or (method, path) in OPEN_TO_VIEWERS:
        assert answer.status_code not in {401, 403, 405}
    else:
        assert error_of(answer, 403) == "forbidden"


@pytest.mark.parametrize(
    ("role", "path", "body", "status"),
    [
        (Role.OPERATOR, "v1/deployments/artifacts", {}, 403),
        (Role.OPERATOR, "v1/deployments/deployments", {}, 400),
        (Role.OPERATOR, "v2/devauth/devices", {}, 400),
        (Role.RELEASE_MANAGER, "v1/deployments/artifacts", {}, 400),
        (Role.RELEASE_MANAGER, "v1/deployments/deployments", {}, 400),
        (Role.RELEASE_MANAGER, "v2/devauth/devices", {}, 403),
    ],
)
def test_each_role_does_its_own(
    organization: Organization, role: Role, path: str, body: Any, status: int
) -> None:
    error_of(person(organization, role).post(path, body), status)


def test_a_permission_lost_is_lost_at_once(organization: Organization, admin: Person) -> None:
    assert admin.get("v1/useradm/users").status_code == 200
    organization.memberships.update(role=Role.VIEWER)
    error_of(admin.post("v2/devauth/devices", {}), 403)
    organization.memberships.get().user.delete()
    error_of(admin.get("v1/useradm/users"), 401)
