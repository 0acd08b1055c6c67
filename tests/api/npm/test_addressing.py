"""The appliance is its own host, or stands in front of the path; the credential says whose."""

import pytest
from pytest_django import Settings

from fleet import api_keys
from fleet.models import ApiKey, Device, Organization, Role
from fleet.states import Admission
from tests.api.npm.callers import Npm, basic, key_caller, npm_caller
from tests.make import PASSWORD, make_actor, make_organization, make_target, make_user

ERROR = {"error_id", "error_text"}


def at(npm: Npm, *, host: str = "testserver", prefix: str = "") -> int:
    caller = Npm(npm.authorization, None, host=host, prefix=prefix)
    answer = caller.get("/api/common/1.0/info")
    assert answer.status_code != 200 or answer.json()["device_name"] == "Probe"
    return answer.status_code


@pytest.fixture
def device(organization: Organization) -> Device:
    return make_target(
        organization, "probe", name="Probe", device_type="AR11", host_name="probe.example.com"
    )


def test_it_is_found_by_its_host(npm: Npm, device: Device, settings: Settings) -> None:
    for host in (
        f"{device.number}.npm.testserver",
        "PROBE.npm.server.example",
        "probe.example.com",
    ):
        assert at(npm, host=host) == 200, host
        assert at(npm, host=f"{host}:8443") == 200, host
    settings.PUBLIC_URL = "https://Updates.example.com"
    assert at(npm, host="probe.npm.updates.example.com") == 200
    assert at(npm, host="probe.npm.other.example.com") == 404


def test_it_is_found_by_what_stands_in_front_of_the_path(npm: Npm, device: Device) -> None:
    for name in (device.number, device.id, device.id.hex, "Probe"):
        assert at(npm, prefix=f"/npm/{name}") == 200, name
    assert at(npm, host="nowhere.npm.testserver", prefix=f"/npm/{device.number}") == 200


def test_nothing_is_found_by_anything_else(npm: Npm, device: Device) -> None:
    hosts = ("testserver", "x.npm.testserver", f"{2**31}.npm.testserver", "npm.testserver")
    assert {at(npm, host=host) for host in hosts} == {404}
    prefixes = ("/npm/x", "/npm/0", f"/npm/{'9' * 40}", "/npm/%00", "/npm", "/npm/probe", "/npm/")
    assert {at(npm, prefix=prefix) for prefix in prefixes} == {404}
    assert at(npm, host="under_score.npm.testserver") == 400


def test_a_name_of_several_is_nobody_s(npm: Npm, device: Device) -> None:
    make_target(device.organization, name="Probe")
    assert at(npm, prefix="/npm/Probe") == 404
    assert at(npm, prefix=f"/npm/{device.number}") == 200


def test_an_appliance_is_there_while_it_is_admitted(npm: Npm, device: Device) -> None:
    for facts in ({"status": Admission.REJECTED}, {"is_leaving": True}):
        Device.objects.update(**facts)
        assert at(npm, host="probe.example.com") == 404


def test_what_others_have_is_not_there(npm: Npm, device: Device) -> None:
    theirs = make_target(make_organization(), "probe", name="Probe", host_name="probe.example.com")
    assert at(npm, prefix=f"/npm/{theirs.number}") == 404
    assert at(npm, prefix=f"/npm/{theirs.id}") == 404
    assert at(npm, host="probe.example.com") == 200
    assert npm.get("/api/common/1.0/info").json()["model"] == "AR11"


def test_who_calls(device: Device) -> None:
    user = make_user(role=Role.VIEWER, organization=device.organization)
    callers = [
        npm_caller(device, Role.VIEWER),
        key_caller(device, Role.VIEWER),
        Npm(basic(user.email, PASSWORD), device),
        Npm(basic(f"{device.organization.key}\\{user.email}", PASSWORD), device),
    ]
    for caller in callers:
        assert caller.get("/images").status_code == 200


def test_who_does_not(device: Device) -> None:
    key = key_caller(device)
    api_keys.revoke(
        actor=make_actor(device.organization),
        organization=device.organization,
        key_id=ApiKey.objects.get().pk,
    )
    refusals = {
        "": "AUTH_REQUIRED",
        basic("nobody", "x"): "AUTH_INVALID_CREDENTIALS",
        "Basic !": "AUTH_INVALID_CREDENTIALS",
        "Bearer x": "AUTH_INVALID_CREDENTIALS",
        key.authorization: "AUTH_EXPIRED_TOKEN",
    }
    for authorization, error_id in refusals.items():
        answer = Npm(authorization, device).get("/images")
        assert (answer.status_code, answer.json()["error_id"]) == (401, error_id)
        assert answer.json().keys() == ERROR
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")


def test_the_order_of_the_checks(device: Device) -> None:
    """Path, method, credential, appliance, right, body."""
    nobody = Npm("", device)
    assert nobody.get("/nothing").status_code == 404
    assert nobody.delete("/images").status_code == 405
    assert nobody.get("/images", headers={"host": "x.npm.testserver"}).status_code == 401
    viewer = npm_caller(device, Role.VIEWER)
    assert viewer.post("/images/fetch", b"{", headers={"host": "x"}).status_code == 404
    assert viewer.post("/images/fetch", b"{", content_type="text/plain").status_code == 403
