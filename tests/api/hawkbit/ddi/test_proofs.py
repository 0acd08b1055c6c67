"""How a device proves who it is: what is not allowed, or not true, is 401 without a word."""

from typing import Any

import pytest
from pytest_django import Settings

from fleet.models import Device, Organization
from fleet.policies import GATEWAY_TOKEN
from fleet.sealing import seal
from fleet.security_tokens import token_of
from tests.api.hawkbit.ddi.callers import Controller, allow
from tests.make import make_organization, make_target

GATEWAY = "the-gateway-token"
SEALED = {"gateway_token_enabled": True, "gateway_token": seal(GATEWAY, purpose=GATEWAY_TOKEN)}
HEADERS = {"header_enabled": True, "header_authority": "aa11, bb22"}


def poll(organization: Organization, authorization: str = "", **headers: str) -> Any:
    box = Controller(organization, "dev-1", authorization=authorization)
    return box.get(**headers)


def is_refused(response: Any) -> bool:
    return response.status_code == 401 and response.content == b""


def test_a_target_token(organization: Organization, device: Device) -> None:
    token = token_of(device)
    assert is_refused(poll(organization, f"TargetToken {token}"))
    allow(organization, target_token_enabled=True)
    assert poll(organization, f"TargetToken {token}").status_code == 200
    for wrong in (
        f"targettoken {token}",
        f"TARGETTOKEN {token}",
        f"TargetToken {token}x",
        f"TargetToken {token.upper()}",
        f"GatewayToken {token}",
        f"Bearer {token}",
        "TargetToken",
        "TargetToken ",
        "",
    ):
        assert is_refused(poll(organization, wrong)), wrong


def test_a_target_token_is_that_of_the_device_alone(organization: Organization) -> None:
    allow(organization, target_token_enabled=True)
    other = make_target(organization, "other")
    make_target(organization, "dev-1")
    assert is_refused(poll(organization, f"TargetToken {token_of(other)}"))


def test_a_target_token_registers_nobody(organization: Organization) -> None:
    allow(organization, target_token_enabled=True)
    assert is_refused(poll(organization, "TargetToken " + "0" * 32))
    assert not Device.objects.of(organization).exists()


def test_a_gateway_token_is_as_good_for_any_device(
    organization: Organization, device: Device
) -> None:
    assert is_refused(poll(organization, f"GatewayToken {GATEWAY}"))
    allow(organization, **SEALED)
    assert poll(organization, f"GatewayToken {GATEWAY}").status_code == 200
    assert is_refused(poll(organization, f"gatewaytoken {GATEWAY}"))
    assert is_refused(poll(organization, "GatewayToken other"))
    allow(organization, gateway_token_enabled=False)
    assert is_refused(poll(organization, f"GatewayToken {GATEWAY}"))


def test_an_empty_gateway_token_opens_nothing(organization: Organization, device: Device) -> None:
    allow(organization, gateway_token_enabled=True)
    assert is_refused(poll(organization, "GatewayToken "))
    assert is_refused(poll(organization, "GatewayToken"))


@pytest.mark.parametrize(
    ("headers", "is_known"),
    [
        ({"X_Controller_Id": "dev-1", "X_Authority": "aa11"}, True),
        ({"X_Controller_Id": "dev-1", "X_Authority": "bb22"}, True),
        ({"X_Controller_Id": "dev-1", "X_Authority": "cc33"}, False),
        ({"X_Controller_Id": "dev-1", "X_Authority": ""}, False),
        ({"X_Controller_Id": "dev-1"}, False),
        ({"X_Controller_Id": "dev-2", "X_Authority": "aa11"}, False),
        ({"X_Authority": "aa11"}, False),
        ({"X_Ssl_Client_Cn": "dev-1", "X_Ssl_Issuer_Hash_1": "aa11"}, True),
        (
            {
                "X_Ssl_Client_Cn": "dev-1",
                "X_Ssl_Issuer_Hash_1": "cc33",
                "X_Ssl_Issuer_Hash_2": "bb22",
            },
            True,
        ),
        ({"X_Ssl_Client_Cn": "dev-1", "X_Ssl_Issuer_Hash_1": "cc33"}, False),
        ({"X_Ssl_Client_Cn": "dev-2", "X_Ssl_Issuer_Hash_1": "aa11"}, False),
        ({"X_Ssl_Client_Cn": "dev-1"}, False),
    ],
)
def test_a_proxy_vouches_for_devices_by_headers(
    organization: Organization,
    device: Device,
    settings: Settings,
    headers: dict[str, str],
    is_known: bool,
) -> None:
    allow(organization, **HEADERS)
    assert is_refused(poll(organization, **headers)), "nobody is believed without a proxy"
    settings.TRUSTED_PROXIES = 1
    assert is_refused(poll(organization, **headers)) is not is_known
    allow(organization, header_enabled=False)
    assert is_refused(poll(organization, **headers))


def test_no_authority_trusts_nobody(
    organization: Organization, device: Device, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    allow(organization, header_enabled=True)
    assert is_refused(poll(organization, X_Controller_Id="dev-1", X_Authority=""))


def test_anybody_where_that_is_allowed(organization: Organization, device: Device) -> None:
    allow(organization, anonymous_enabled=True)
    assert poll(organization).status_code == 200


def test_what_is_allowed_in_one_organization_is_not_in_another(device: Device) -> None:
    other = make_organization()
    allow(device.organization, **SEALED)
    assert is_refused(poll(other, f"GatewayToken {GATEWAY}"))
    allow(other, gateway_token_enabled=True)
    assert is_refused(poll(other, f"GatewayToken {GATEWAY}"))


def test_an_unknown_tenant(organization: Organization) -> None:
    allow(organization, anonymous_enabled=True)
    for tenant in ("NOBODY", "NOBODY/controller", "%00"):
        response = Controller(organization, "dev-1", tenant=tenant).get()
        assert response.status_code in {400, 401, 404}
    assert is_refused(Controller(organization, "dev-1", tenant="NOBODY").get("configData"))


@pytest.mark.parametrize("facts", [{"status": "rejected"}, {"is_leaving": True}])
def test_whoever_is_not_admitted_is_refused_by_any_proof(
    organization: Organization, facts: dict[str, Any]
) -> None:
    device = make_target(organization, "dev-1", **facts)
    allow(organization, target_token_enabled=True, anonymous_enabled=True, **SEALED)
    for authorization in ("", f"GatewayToken {GATEWAY}", f"TargetToken {token_of(device)}"):
        box = Controller(organization, "dev-1", authorization=authorization)
        assert is_refused(box.get())
        assert is_refused(box.get("confirmationBase"))
        assert is_refused(box.put("configData", {"data": {}}))


@pytest.mark.parametrize("path", ["deploymentBase/1", "confirmationBase", "configData"])
def test_all_of_it_asks_for_the_same_proof(
    organization: Organization, device: Device, path: str
) -> None:
    allow(organization, target_token_enabled=True)
    assert is_refused(Controller(organization, "dev-1", authorization="TargetToken x").get(path))
    authorization = f"TargetToken {token_of(device)}"
    assert Controller(organization, "dev-1", authorization=authorization).get(path).status_code in {
        200,
        404,
        405,
    }
