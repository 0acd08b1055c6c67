"""Plug and play: whom a gateway, a proxy or everybody may speak for registers by its poll."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from auditlog.models import AuditEntry
from fleet import presence
from fleet.models import Contact, Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, allow
from tests.api.hawkbit.ddi.test_proofs import GATEWAY, HEADERS, SEALED

BY_GATEWAY = f"GatewayToken {GATEWAY}"


@pytest.mark.parametrize("way", ["gateway", "proxy", "anonymous"])
def test_a_new_device(organization: Organization, settings: Settings, way: str) -> None:
    settings.TRUSTED_PROXIES = 1
    allow(
        organization,
        **{"gateway": SEALED, "proxy": HEADERS, "anonymous": {"anonymous_enabled": True}}[way],
    )
    authorization = BY_GATEWAY if way == "gateway" else ""
    headers = {"X_Controller_Id": "new", "X_Authority": "aa11"} if way == "proxy" else {}
    box = Controller(organization, "new", authorization=authorization)
    response = box.get(**headers)
    assert response.status_code == 200
    assert set(response.json()["_links"]) == {"configData"}
    device = Device.objects.of(organization).get(controller_id="new")
    assert (device.status, device.name, device.address) == ("accepted", "new", "http://127.0.0.1")
    assert device.created_by == "CONTROLLER_PLUG_AND_PLAY"
    assert AuditEntry.objects.filter(object_id=str(device.id)).exists()


def test_only_the_poll_registers(organization: Organization) -> None:
    allow(organization, **SEALED)
    box = Controller(organization, "new", authorization=BY_GATEWAY)
    for response in (box.get("confirmationBase"), box.put("configData", {"data": {"a": "b"}})):
        assert response.status_code == 404
        assert response.json()["errorCode"] == "hawkbit.server.error.repo.entityNotFound"
    assert not Device.objects.of(organization).exists()


@pytest.mark.parametrize(
    ("controller_id", "status"),
    [("x" * 256, 200), ("x" * 257, 400), ("with blank", 400), ("ä:1", 200), ("a\tb", 400)],
)
def test_ids_that_are_taken(organization: Organization, controller_id: str, status: int) -> None:
    allow(organization, anonymous_enabled=True)
    assert Controller(organization, controller_id).get().status_code == status
    assert Device.objects.of(organization).count() == (status == 200)


def test_an_organization_that_is_full(organization: Organization) -> None:
    organization.device_limit = 0
    organization.save()
    allow(organization, anonymous_enabled=True)
    response = Controller(organization, "new").get()
    assert response.status_code == 403
    assert response.json()["errorCode"] == "hawkbit.server.error.quota.tooManyEntries"


def test_the_second_poll_is_one_query(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    allow(organization, anonymous_enabled=True)
    box = Controller(organization, "new")
    box.get()
    with django_assert_num_queries(1):
        box.get()


def test_a_device_that_moves_is_found_where_it_was_last(
    organization: Organization, device: Device, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    allow(organization, anonymous_enabled=True)
    box = Controller(organization, "dev-1")

    def address_after(**headers: Any) -> str:
        box.get(**headers)
        device.refresh_from_db()
        return device.address

    assert address_after(X_Forwarded_For="10.1.2.3") == "http://10.1.2.3"
    assert address_after(X_Forwarded_For="2001:db8::7") == "http://[2001:db8::7]"


def test_it_was_seen(organization: Organization, device: Device) -> None:
    allow(organization, anonymous_enabled=True)
    Controller(organization, "dev-1").get()
    presence.flush()
    assert Contact.objects.filter(device=device).exists()
