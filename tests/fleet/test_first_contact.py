"""A device that nobody knows calls."""

import pytest

from auditlog.models import Action, AuditEntry
from fleet import presence
from fleet.admission import request_authorization
from fleet.errors import Invalid
from fleet.identity import parse
from fleet.keys import normalise
from fleet.models import AuthSet, Contact, Device
from fleet.signals import device_enrolled
from tests.make import Key, make_auth_set, make_device, make_key, make_organization

pytestmark = pytest.mark.django_db
IDENTITY = {"mac": "00:11:22:33:44:55", "sn": "A-1"}


def ask(organization, identity=IDENTITY, key: Key | None = None, **facts) -> AuthSet | None:
    return request_authorization(
        organization=organization,
        identity=identity,
        public_key=normalise((key or make_key()).pem),
        **facts,
    )


def test_it_is_written_down_as_pending_and_not_let_in():
    organization = make_organization()
    assert ask(organization) is None
    device = Device.objects.get()
    assert (device.status, device.name, device.identity) == ("pending", "A-1", IDENTITY)
    assert device.auth_sets.get().status == "pending"


def test_its_appearance_is_in_the_audit_log_with_where_it_came_from():
    ask(make_organization(), address="10.0.0.7", via="Mender API")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_kind) == (Action.CREATE, "device")
    assert (entry.address, entry.via) == ("10.0.0.7", "Mender API")
    assert entry.object_id == str(Device.objects.get().id)


def test_the_layers_above_hear_of_it_once():
    heard = []

    def hear(devices, **_):
        heard.extend((device.pk, device.status) for device in devices)

    device_enrolled.connect(hear)
    try:
        organization, key = make_organization(), make_key()
        ask(organization, key=key)
        ask(organization, key=key)
        ask(organization)
    finally:
        device_enrolled.disconnect(hear)
    assert heard == [(Device.objects.get().pk, "pending")]


def test_calling_again_while_it_waits_reads_once_and_writes_nothing(django_assert_num_queries):
    organization, key = make_organization(), make_key()
    ask(organization, key=key)
    with django_assert_num_queries(1):
        assert ask(organization, key=key) is None
    presence.flush()
    assert Contact.objects.get().device == Device.objects.get()


def test_the_order_of_its_identity_does_not_matter():
    organization, key = make_organization(), make_key()
    ask(organization, parse('{"a": "1", "b": {"c": 1, "d": 2}}'), key)
    ask(organization, parse('{"b": {"d": 2, "c": 1}, "a": "1"}'), key)
    assert Device.objects.count() == AuthSet.objects.count() == 1


def test_the_same_identity_elsewhere_is_another_device():
    key = make_key()
    ask(make_organization(), key=key)
    ask(make_organization(), key=key)
    assert Device.objects.count() == 2


@pytest.mark.parametrize("status", ["accepted", "rejected", "preauthorized"])
def test_a_new_key_waits_beside_the_old_one(status):
    device = make_device(status=status, identity=IDENTITY)
    assert ask(device.organization) is None
    assert sorted(device.auth_sets.values_list("status", flat=True)) == sorted([status, "pending"])
    device.refresh_from_db()
    assert device.status == ("pending" if status == "rejected" else status)


def test_a_known_device_without_keys_waits_with_its_new_one():
    device = make_device(status="noauth", identity=IDENTITY)
    ask(device.organization)
    device.refresh_from_db()
    assert device.status == "pending"


def test_an_accepted_key_is_let_in():
    key = make_key()
    device = make_device(identity=IDENTITY, key=key)
    granted = ask(device.organization, key=key)
    assert granted == device.auth_sets.get()


def test_a_device_on_its_way_out_is_not_let_in():
    key = make_key()
    device = make_device(identity=IDENTITY, key=key, is_leaving=True)
    assert ask(device.organization, key=key) is None


def test_another_tier_is_another_key_and_the_standard_one_is_none():
    key = make_key()
    device = make_device(identity=IDENTITY, key=key)
    assert ask(device.organization, key=key, tier="standard")
    assert ask(device.organization, key=key, tier="micro") is None
    assert set(device.auth_sets.values_list("tier", "status")) == {
        ("", "accepted"),
        ("micro", "pending"),
    }
    with pytest.raises(Invalid, match="tier"):
        ask(device.organization, key=key, tier="huge")


def test_a_rejected_key_stays_rejected():
    key = make_key()
    device = make_device(status="rejected", identity=IDENTITY)
    make_auth_set(device, status="rejected", key=key)
    assert ask(device.organization, key=key) is None
    assert set(device.auth_sets.values_list("status", flat=True)) == {"rejected"}
