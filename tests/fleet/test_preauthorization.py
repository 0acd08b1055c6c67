"""A device is let in before it calls."""

import pytest

from auditlog.models import AuditEntry
from fleet.admission import preauthorize, request_authorization
from fleet.errors import Conflict, Invalid
from fleet.keys import normalise
from fleet.models import AuthSet, Device
from tests.make import make_actor, make_auth_set, make_device, make_key, make_organization

pytestmark = pytest.mark.django_db
IDENTITY = {"sn": "42"}


def promise(organization, key, identity=IDENTITY, **facts) -> Device:
    return preauthorize(
        actor=make_actor(organization),
        organization=organization,
        identity=identity,
        public_key=normalise(key.pem),
        **facts,
    )


def call(organization, key, **facts):
    return request_authorization(
        organization=organization, identity=IDENTITY, public_key=normalise(key.pem), **facts
    )


def test_it_is_accepted_at_its_first_call():
    organization, key = make_organization(), make_key()
    device = promise(organization, key)
    assert device.status == "preauthorized"
    granted = call(organization, key)
    assert granted is not None
    assert granted.device_id == device.pk
    device.refresh_from_db()
    assert device.status == device.auth_sets.get().status == "accepted"
    actions = AuditEntry.objects.order_by("id").values_list("action", "actor_kind")
    assert list(actions) == [("preauthorize", "user"), ("accept", "device")]


def test_its_tier_is_learned_when_it_calls():
    organization, key = make_organization(), make_key()
    promise(organization, key)
    assert call(organization, key, tier="micro")
    assert call(organization, key, tier="micro")
    assert AuthSet.objects.get().tier == "micro"


def test_an_identity_that_is_known_conflicts_and_is_named():
    device = make_device(identity=IDENTITY)
    with pytest.raises(Conflict) as refused:
        promise(device.organization, make_key())
    assert refused.value.details == {"device": device}
    assert device.auth_sets.count() == 1


def test_by_force_a_known_device_gets_a_second_key_and_keeps_its_first_until_then():
    device = make_device(identity=IDENTITY)
    old, key = device.auth_sets.get(), make_key()
    promise(device.organization, key, force=True)
    device.refresh_from_db()
    assert device.status == "accepted"
    call(device.organization, key)
    old.refresh_from_db()
    assert (old.status, old.token_issued_at) == ("rejected", None)
    assert device.auth_sets.get(status="accepted").key_digest == normalise(key.pem).digest


def test_even_by_force_a_known_key_conflicts():
    device, key = make_device(identity=IDENTITY), make_key()
    make_auth_set(device, key=key)
    with pytest.raises(Conflict):
        promise(device.organization, key, force=True)


def test_over_the_limit_it_is_not_let_in_and_stays_preauthorized():
    organization, key = make_organization(device_limit=0), make_key()
    promise(organization, key)
    assert call(organization, key) is None
    assert AuthSet.objects.get().status == "preauthorized"
    organization.device_limit = 1
    organization.save()
    assert call(organization, key)


@pytest.mark.parametrize("identity", [{}, [], "text", {"a": float("nan")}, {"a": "\0"}])
def test_an_identity_that_is_none_is_refused(identity):
    with pytest.raises(Invalid):
        promise(make_organization(), make_key(), identity)
