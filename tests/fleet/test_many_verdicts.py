"""Many devices are accepted or rejected together."""

from uuid import uuid4

import pytest

from auditlog.models import AuditEntry
from fleet import device_tokens
from fleet.admission import set_status_of_many
from fleet.errors import Invalid
from fleet.models import Device
from tests.make import make_actor, make_auth_set, make_device, make_organization

pytestmark = pytest.mark.django_db


def judge(organization, devices, status):
    ids = [getattr(device, "id", device) for device in devices]
    outcomes = set_status_of_many(
        actor=make_actor(organization), organization=organization, devices=ids, status=status
    )
    assert [outcome.device_id for outcome in outcomes] == ids
    return [outcome.code for outcome in outcomes]


def test_each_device_has_its_outcome():
    home = make_organization()
    states = ("pending", "rejected", "accepted", "preauthorized", "noauth")
    devices = [make_device(home, status=status) for status in states]
    elsewhere = make_device(status="pending")
    assert judge(home, [*devices, elsewhere, uuid4()], "accepted") == [
        *("", "", "unchanged", "preauthorized", "no_key"),
        *("device_unknown", "device_unknown"),
    ]
    assert Device.objects.of(home).filter(status="accepted").count() == 3
    assert AuditEntry.objects.filter(action="accept").count() == 2
    elsewhere.refresh_from_db()
    assert elsewhere.status == "pending"


def test_the_newest_waiting_key_is_the_one_that_is_accepted():
    device = make_device(status="pending")
    newest = make_auth_set(device)
    make_auth_set(device, status="rejected")
    assert judge(device.organization, [device], "accepted") == [""]
    assert device.auth_sets.get(status="accepted") == newest


def test_rejecting_a_device_rejects_all_its_keys_and_its_token():
    device = make_device()
    token = device_tokens.issue(device.auth_sets.get())
    make_auth_set(device)
    assert judge(device.organization, [device], "rejected") == [""]
    assert set(device.auth_sets.values_list("status", flat=True)) == {"rejected"}
    assert device_tokens.authenticate(token) is None


def test_a_rejected_device_with_another_key_to_come_is_still_expected():
    device = make_device()
    make_auth_set(device, status="preauthorized")
    assert judge(device.organization, [device], "rejected") == [""]
    device.refresh_from_db()
    assert device.status == "preauthorized"


def test_the_limit_lets_in_as_many_as_fit():
    home = make_organization(device_limit=3)
    make_device(home)
    devices = [make_device(home, status="pending") for _ in range(4)]
    assert judge(home, devices, "accepted") == ["", "", "device_limit", "device_limit"]


def test_hundreds_take_a_few_statements_and_keep_their_order(django_assert_max_num_queries):
    home = make_organization()
    devices = [make_device(home, status="pending") for _ in range(205)]
    with django_assert_max_num_queries(24):
        assert set(judge(home, devices[::-1], "accepted")) == {""}


def test_many_cannot_be_made_to_wait():
    with pytest.raises(Invalid):
        judge(make_organization(), [], "pending")
