"""Keys are dismissed and devices decommissioned."""

import pytest

from auditlog.models import AuditEntry
from fleet import device_tokens, presence
from fleet.admission import decommission, dismiss
from fleet.errors import Forbidden, NotFound
from fleet.models import AuthSet, Contact, Device
from fleet.signals import device_decommissioned
from tests.make import make_actor, make_auth_set, make_device

pytestmark = pytest.mark.django_db


def forget(auth_set):
    dismiss(actor=make_actor(auth_set.device.organization), auth_set=auth_set)


def test_the_token_of_a_dismissed_key_is_void_and_the_device_stays_without_key():
    device = make_device()
    token = device_tokens.issue(device.auth_sets.get())
    forget(device.auth_sets.get())
    assert device_tokens.authenticate(token) is None
    device.refresh_from_db()
    assert device.status == "noauth"


def test_dismissing_one_of_several_keys_leaves_the_state_of_the_others():
    device = make_device()
    make_auth_set(device, status="rejected")
    forget(device.auth_sets.get(status="accepted"))
    device.refresh_from_db()
    assert device.status == "rejected"


def test_a_device_that_was_only_preauthorized_goes_with_its_key():
    device = make_device(status="preauthorized")
    forget(device.auth_sets.get())
    assert not Device.objects.exists()


def test_a_key_is_dismissed_once():
    device = make_device()
    auth_set = device.auth_sets.get()
    forget(auth_set)
    with pytest.raises(NotFound):
        forget(auth_set)
    assert AuditEntry.objects.get().action == "dismiss"


def test_decommissioning_leaves_nothing_but_history():
    device = make_device(inventory={"os": "linux"})
    actor = make_actor(device.organization)
    token = device_tokens.issue(device.auth_sets.get())
    presence.seen(device.pk)
    heard = []

    def hear(devices, at, **_):
        heard.append((devices, Device.objects.filter(pk__in=devices).count()))

    device_decommissioned.connect(hear)
    try:
        decommission(actor=actor, device=device)
    finally:
        device_decommissioned.disconnect(hear)
    assert heard == [([device.pk], 1)]
    presence.flush()
    assert not Device.objects.exists()
    assert not AuthSet.objects.exists()
    assert not Contact.objects.exists()
    assert device_tokens.authenticate(token) is None
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id) == ("decommission", str(device.id))
    assert "mac" in entry.change["identity"]
    with pytest.raises(NotFound):
        decommission(actor=actor, device=device)


def test_a_release_manager_may_not_decommission():
    device = make_device()
    with pytest.raises(Forbidden):
        decommission(actor=make_actor(device.organization, "release_manager"), device=device)
    assert Device.objects.exists()
