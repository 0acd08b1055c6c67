"""A device introduces itself."""

from typing import Any

import pytest
from pytest_django import Settings

from fleet.models import AuthSet, Device, Organization
from fleet.states import Admission
from tests.api.mender.authentication import ask, request_of
from tests.api.mender.callers import Caller, error_of
from tests.make import make_device, make_key, make_organization


def test_a_new_device_is_noted_and_refused(caller: Caller, organization: Organization) -> None:
    key = make_key()
    for _ in range(2):
        body = request_of(key)
        answer = ask(caller, body, key.sign(body))
        assert error_of(answer, 401) == "dev auth: unauthorized"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="DeviceJWT"'
    device = Device.objects.get()
    assert (device.organization, device.status) == (organization, "pending")
    assert AuthSet.objects.count() == 1


def test_an_accepted_device_gets_a_token_that_works(
    caller: Caller, organization: Organization
) -> None:
    key = make_key()
    make_device(organization, identity={"mac": "00:01:02:03:04:05"}, key=key)
    body = request_of(key)
    # Whatever clients put into Authorization here, it is no token of ours.
    answer = ask(caller, body, key.sign(body), Authorization="Bearer ")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/jwt")
    caller.token = answer.content.decode()
    assert caller.put("v1/inventory/device/attributes", []).status_code == 200


def test_a_preauthorized_device_is_let_in_at_once(
    caller: Caller, organization: Organization
) -> None:
    key, identity = make_key(), {"mac": "00:01:02:03:04:05"}
    make_device(organization, identity=identity, key=key, status=Admission.PREAUTHORIZED)
    body = request_of(key)
    assert ask(caller, body, key.sign(body)).status_code == 200


@pytest.mark.usefixtures("organization")
@pytest.mark.parametrize(
    "facts",
    [
        {"id_data": ""},
        {"id_data": None},
        {"id_data": {"mac": "1"}},
        {"id_data": "mac"},
        {"id_data": "[1]"},
        {"id_data": "{}"},
        {"id_data": "[" * 5000},
        {"pubkey": ""},
        {"pubkey": "no key"},
        {"pubkey": 17},
        {"tier": "gigantic"},
        {"tenant_token": 5},
    ],
)
def test_a_malformed_request_is_refused(caller: Caller, facts: dict[str, Any]) -> None:
    key = make_key()
    body = request_of(key, **facts)
    error_of(ask(caller, body, key.sign(body)), 400)
    assert not Device.objects.exists()


def test_the_tenant_token_says_whose_device_it_is(caller: Caller) -> None:
    _one, other = make_organization(), make_organization()
    key = make_key()
    body = request_of(key, tenant_token=other.tenant_token)
    ask(caller, body, key.sign(body))
    assert Device.objects.get().organization == other


@pytest.mark.usefixtures("organization")
def test_an_unknown_tenant_token_is_refused(caller: Caller) -> None:
    key = make_key()
    body = request_of(key, tenant_token="nobody's")
    assert error_of(ask(caller, body, key.sign(body)), 401) == "dev auth: unauthorized"
    assert not Device.objects.exists()


def test_without_one_the_default_organization_gets_it(caller: Caller, settings: Settings) -> None:
    key = make_key()
    body = request_of(key)
    make_organization()
    default = make_organization(key="HOME")
    settings.ORGANIZATION = "NOWHERE"
    assert ask(caller, body, key.sign(body)).status_code == 401
    assert not Device.objects.exists()
    settings.ORGANIZATION = "HOME"
    ask(caller, body, key.sign(body))
    assert Device.objects.get().organization == default
