"""The configuration of a tenant, and who calls, as clients of hawkBit's API read and set them."""

import pytest
from django.test import Client

from fleet.models import CustomRole, Membership, Organization, Role
from fleet.policies import gateway_token_of, policies_of
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.make import make_organization

KEYS = {
    "pollingTime": "00:05:00",
    "pollingOverdueTime": "00:05:00",
    "maintenanceWindowPollCount": 3,
    "authentication.targettoken.enabled": False,
    "authentication.gatewaytoken.enabled": False,
    "authentication.gatewaytoken.key": "",
    "authentication.header.enabled": False,
    "authentication.header.authority": "",
    "authentication.anonymous.enabled": False,
    "anonymous.download.enabled": False,
    "rollout.approval.enabled": False,
    "repository.actions.autoclose.enabled": False,
    "user.confirmation.flow.enabled": False,
    "multi.assignments.enabled": False,
    "batch.assignments.enabled": False,
    "implicit.lock.enabled": True,
    "action.cleanup.auto.expiry": -1,
    "action.cleanup.auto.status": "CANCELED,ERROR",
    "action.cleanup.onQuotaHit.percent": 0,
    "action.delete.allowed.statuses": "CANCELED,ERROR,FINISHED",
}


def test_all_keys_have_their_defaults(hawkbit: Hawkbit) -> None:
    answer = hawkbit.get("/system/configs")
    assert answer.status_code == 200
    assert {name: each["value"] for name, each in answer.json().items()} == KEYS
    assert answer.json()["pollingTime"] == {
        "value": "00:05:00",
        "global": True,
        "_links": {"self": {"href": "http://testserver/rest/v1/system/configs/pollingTime"}},
    }


def test_a_key_is_set_and_says_who_did_it(hawkbit: Hawkbit, organization: Organization) -> None:
    answer = hawkbit.put("/system/configs/pollingTime", {"value": "01:30:15"})
    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["value"], shown["global"], shown["createdBy"]) == (
        "01:30:15",
        False,
        hawkbit.email,
    )
    assert shown["createdAt"] == shown["lastModifiedAt"]
    assert hawkbit.get("/system/configs/pollingTime").json() == shown
    organization.refresh_from_db()
    assert policies_of(organization).polling_time == 5415


def test_a_deleted_key_has_its_default_again(hawkbit: Hawkbit) -> None:
    hawkbit.put("/system/configs/rollout.approval.enabled", {"value": True})
    assert hawkbit.delete("/system/configs/rollout.approval.enabled").status_code == 204
    shown = hawkbit.get("/system/configs/rollout.approval.enabled").json()
    assert (shown["value"], shown["global"]) == (False, True)


def test_several_keys_are_set_at_once_or_none(hawkbit: Hawkbit) -> None:
    both = {"pollingTime": "00:01:00", "maintenanceWindowPollCount": 5}
    answer = hawkbit.put("/system/configs", both)
    assert answer.status_code == 200
    assert {name: each["value"] for name, each in answer.json().items()} == both
    refused = hawkbit.put(
        "/system/configs", {"pollingTime": "00:02:00", "batch.assignments.enabled": 7}
    )
    assert refused.status_code == 400
    assert hawkbit.get("/system/configs/pollingTime").json()["value"] == "00:01:00"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_key_that_hawkbit_does_not_know(hawkbit: Hawkbit, method: str) -> None:
    answer = hawkbit.send(method, "/system/configs/no.such.key", {"value": 1})
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "hawkbit.server.error.configKeyInvalid"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pollingTime", "00:00:29"),
        ("pollingTime", "24:00:00"),
        ("pollingTime", "five"),
        ("pollingTime", 300),
        ("pollingTime", None),
        ("maintenanceWindowPollCount", 0),
        ("authentication.targettoken.enabled", "perhaps"),
        ("authentication.gatewaytoken.key", ""),
        ("action.cleanup.auto.status", "CANCELED,RUNNING"),
        ("authentication.header.authority", ["a"]),
    ],
)
def test_a_value_that_the_key_does_not_take(hawkbit: Hawkbit, key: str, value: object) -> None:
    answer = hawkbit.put(f"/system/configs/{key}", {"value": value})
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "hawkbit.server.error.configValueInvalid"


@pytest.mark.parametrize("body", [[], {}, {"val": 1}, "x"])
def test_a_body_without_a_value(hawkbit: Hawkbit, body: object) -> None:
    answer = hawkbit.put("/system/configs/pollingTime", body)
    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "hawkbit.server.error.rest.body.notReadable"


@pytest.mark.parametrize(("spelt", "kept"), [("true", True), ("FALSE", False), (True, True)])
def test_truths_may_be_spelt(hawkbit: Hawkbit, spelt: object, kept: bool) -> None:
    answer = hawkbit.put("/system/configs/authentication.header.enabled", {"value": spelt})
    assert answer.json()["value"] is kept


def test_the_gateways_key_is_kept_sealed(hawkbit: Hawkbit, organization: Organization) -> None:
    path = "/system/configs/authentication.gatewaytoken.key"
    assert hawkbit.put(path, {"value": "s3cret"}).json()["value"] == "s3cret"
    organization.refresh_from_db()
    assert "s3cret" not in str(organization.policies)
    assert gateway_token_of(policies_of(organization)) == "s3cret"


def test_the_gateways_key_is_for_administrators(organization: Organization) -> None:
    viewer = hawkbit_caller(Role.VIEWER, organization)
    assert "authentication.gatewaytoken.key" not in viewer.get("/system/configs").json()
    answer = viewer.get("/system/configs/authentication.gatewaytoken.key")
    assert answer.status_code == 403
    assert answer.json()["errorCode"] == "hawkbit.server.error.insufficientPermission"


def test_only_administrators_set_keys(organization: Organization) -> None:
    viewer = hawkbit_caller(Role.VIEWER, organization)
    assert viewer.put("/system/configs/pollingTime", {"value": "00:01:00"}).status_code == 403
    assert viewer.put("/system/configs", {"pollingTime": "00:01:00"}).status_code == 403
    assert viewer.delete("/system/configs/pollingTime").status_code == 403


def test_who_calls(hawkbit: Hawkbit, organization: Organization) -> None:
    answer = hawkbit.get("/userinfo")
    assert answer.status_code == 200
    assert answer.json() == {"tenant": organization.key, "username": hawkbit.email}


def test_who_calls_wants_no_right(organization: Organization) -> None:
    nobody = hawkbit_caller(Role.VIEWER, organization)
    CustomRole.objects.create(organization=organization, name="nothing")
    Membership.objects.filter(pk=nobody.membership.pk).update(role="")
    assert nobody.get("/userinfo").status_code == 200


def test_strangers_are_told_nothing(db: None) -> None:
    make_organization()
    answer = Client().get("/rest/v1/userinfo")
    assert (answer.status_code, answer.content) == (401, b"")
