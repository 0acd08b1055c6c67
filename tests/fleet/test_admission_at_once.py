"""Many devices, and many people, at the same moment."""

from collections.abc import Callable

import pytest

from auditlog.models import AuditEntry
from fleet import device_tokens, presence
from fleet.admission import decommission, preauthorize, request_authorization, set_status
from fleet.errors import LimitReached, NotFound
from fleet.keys import normalise
from fleet.models import AuthSet, Contact, Device
from tests.at_once import at_once
from tests.make import make_actor, make_auth_set, make_device, make_key, make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def asking(organization, identity, key):
    public_key = normalise(key.pem)
    return lambda: request_authorization(
        organization=organization, identity=identity, public_key=public_key
    )


def outcome(call: Callable[[], object]) -> Callable[[], bool]:
    def attempt() -> bool:
        try:
            call()
        except (LimitReached, NotFound):
            return False
        return True

    return attempt


def test_500_new_devices_become_500_with_one_key_each():
    organization, key = make_organization(), make_key()
    answers = at_once(asking(organization, {"sn": str(n)}, key) for n in range(500))
    assert answers == [None] * 500
    assert Device.objects.filter(status="pending").count() == 500
    assert AuthSet.objects.values("device").distinct().count() == AuthSet.objects.count() == 500
    presence.flush()
    assert Contact.objects.count() == 500


def test_one_new_device_that_calls_many_times_is_one():
    organization, key = make_organization(), make_key()
    at_once(asking(organization, {"sn": "1"}, key) for _ in range(100))
    assert Device.objects.get().auth_sets.get().status == "pending"
    assert AuditEntry.objects.filter(action="create").count() == 1


def test_one_device_with_many_new_keys_has_each_once():
    organization = make_organization()
    keys = [make_key() for _ in range(10)]
    at_once(asking(organization, {"sn": "1"}, keys[n % 10]) for n in range(60))
    assert Device.objects.get().auth_sets.count() == 10


def test_a_preauthorized_device_is_accepted_once():
    organization, key = make_organization(device_limit=1), make_key()
    preauthorize(
        actor=make_actor(organization),
        organization=organization,
        identity={"sn": "1"},
        public_key=normalise(key.pem),
    )
    answers = at_once(asking(organization, {"sn": "1"}, key) for _ in range(40))
    assert None not in answers
    assert AuditEntry.objects.filter(action="accept").count() == 1


def test_preauthorized_devices_and_people_together_stay_within_the_limit():
    organization = make_organization(device_limit=10)
    actor, key = make_actor(organization), make_key()
    for number in range(20):
        make_device(organization, status="preauthorized", identity={"sn": str(number)}, key=key)
    waiting = [make_device(organization, status="pending").auth_sets.get() for _ in range(20)]
    calls = [asking(organization, {"sn": str(n)}, key) for n in range(20)]
    calls += [
        outcome(lambda row=row: set_status(actor=actor, auth_set=row, status="accepted"))
        for row in waiting
    ]
    accepted = [answer for answer in at_once(calls) if answer]
    assert len(accepted) == Device.objects.filter(status="accepted").count() == 10
    assert AuthSet.objects.filter(status="accepted").count() == 10


def test_many_keys_of_a_device_accepted_together_leave_one():
    device = make_device()
    actor = make_actor(device.organization)
    rivals = [make_auth_set(device) for _ in range(20)]
    at_once(
        lambda row=row: set_status(actor=actor, auth_set=row, status="accepted") for row in rivals
    )
    assert device.auth_sets.filter(status="accepted").count() == 1
    assert device.auth_sets.filter(status="rejected").count() == 20
    assert AuditEntry.objects.filter(action="accept").count() == 20


def test_decommissioning_races_with_calls_without_an_error():
    organization = make_organization()
    actor, key = make_actor(organization), make_key()
    identities = [{"sn": str(n)} for n in range(20)]
    devices = [make_device(organization, identity=named, key=key) for named in identities]
    calls = [
        call
        for device, named in zip(devices, identities, strict=True)
        for call in (
            outcome(lambda device=device: decommission(actor=actor, device=device)),
            asking(organization, named, key),
            presence.flush,
        )
    ]
    at_once(calls)
    presence.flush()
    assert not Device.objects.filter(pk__in=[device.pk for device in devices]).exists()
    assert set(Device.objects.values_list("status", flat=True)) <= {"pending"}
    assert AuthSet.objects.count() == Device.objects.count()


def test_a_token_issued_while_its_key_is_rejected_is_void_in_the_end():
    devices = [make_device() for _ in range(20)]
    sets = [device.auth_sets.get() for device in devices]
    calls = [lambda row=row: device_tokens.issue(row) for row in sets]
    calls += [
        lambda row=row, device=device: set_status(
            actor=make_actor(device.organization), auth_set=row, status="rejected"
        )
        for row, device in zip(sets, devices, strict=True)
    ]
    tokens = [token for token in at_once(calls) if token]
    assert [device_tokens.authenticate(token) for token in tokens] == [None] * 20
