"""What a device shows after it was accepted."""

import time
from uuid import uuid4

import jwt
import pytest

from auditlog.models import AuditEntry
from fleet import access_tokens, device_tokens
from fleet.admission import set_status
from fleet.errors import NotFound
from fleet.models import Device
from tests.make import PASSWORD, make_actor, make_device, make_organization, make_user

pytestmark = pytest.mark.django_db


def issued():
    device = make_device()
    return device, device_tokens.issue(device.auth_sets.get())


def test_it_says_who_it_is_for_in_the_words_of_the_mender_api():
    device, token = issued()
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["jti"] == str(device.auth_sets.get().id)
    assert claims["sub"] == str(device.id)
    assert (claims["iss"], claims["mender.device"]) == ("Mender", True)
    assert claims["exp"] - claims["iat"] == 604_800
    assert claims["mender.tenant"] == str(device.organization_id)


def test_reading_it_asks_no_database_and_authenticating_once(django_assert_num_queries):
    device, token = issued()
    with django_assert_num_queries(0):
        claims = device_tokens.read(token)
    assert claims
    assert (claims.device, claims.device_id) == (device.pk, device.id)
    assert claims is device_tokens.read(token)
    with django_assert_num_queries(1):
        found = device_tokens.authenticate(token)
        assert found == device
        assert found.organization.pk


def test_a_second_token_leaves_the_first_one_standing():
    device, token = issued()
    again = device_tokens.issue(device.auth_sets.get())
    assert device_tokens.authenticate(token) == device_tokens.authenticate(again) == device


def test_a_revoked_one_is_void_at_once_and_the_next_one_stands():
    device, token = issued()
    assert device_tokens.authenticate(token)
    actor, token_id = make_actor(device.organization), device.auth_sets.get().id
    device_tokens.revoke(actor=actor, organization=device.organization, token_id=token_id)
    assert device_tokens.authenticate(token) is None
    assert AuditEntry.objects.get().action == "revoke"
    assert device_tokens.authenticate(device_tokens.issue(device.auth_sets.get())) == device
    assert device_tokens.authenticate(token) is None


def test_only_a_standing_token_of_ones_own_can_be_revoked():
    device, _token = issued()
    home, theirs = device.organization, make_organization()
    for organization, token_id in ((theirs, device.auth_sets.get().id), (home, uuid4())):
        with pytest.raises(NotFound):
            device_tokens.revoke(
                actor=make_actor(organization), organization=organization, token_id=token_id
            )


def test_accepting_again_after_a_rejection_does_not_wake_an_old_token():
    device, token = issued()
    for status in ("rejected", "accepted"):
        set_status(
            actor=make_actor(device.organization),
            auth_set=device.auth_sets.get(),
            status=status,
        )
    assert device_tokens.authenticate(token) is None
    assert device_tokens.authenticate(device_tokens.issue(device.auth_sets.get()))


def test_it_expires_even_when_it_was_read_before(monkeypatch):
    _device, token = issued()
    assert device_tokens.read(token)
    later = time.time() + device_tokens.LIFETIME + 1
    monkeypatch.setattr(device_tokens.time, "time", lambda: later)
    assert device_tokens.read(token) is None


def test_what_we_did_not_make_is_none():
    device, token = issued()
    user = make_user()
    session = access_tokens.sign_in(email=user.email, password=PASSWORD)
    forged = jwt.encode({"sub": str(device.id), "iss": "Mender", "exp": 2**33}, "x" * 32)
    unsigned = jwt.encode({"sub": str(device.id), "iss": "Mender"}, None, algorithm="none")
    head, body, _signature = token.split(".")
    for text in ("", "a.b.c", "ä", session, forged, unsigned, f"{head}.{body}.", token[:-4]):
        assert device_tokens.read(text) is None


def test_the_memory_of_tokens_is_bounded(monkeypatch):
    monkeypatch.setattr(device_tokens, "CACHED", 16)
    monkeypatch.setattr(device_tokens, "_verified", {})
    device = make_device()
    row = device.auth_sets.get()
    for serial in range(50):
        row.token_serial = serial
        assert device_tokens.read(device_tokens.issue(row))
    assert len(device_tokens._verified) <= 16


def test_it_is_not_the_token_of_whoever_has_the_numbers_later():
    device, token = issued()
    # As after a flush: the numbers begin anew, the key that signs stays.
    Device.objects.filter(pk=device.pk).update(id=uuid4())
    assert device_tokens.authenticate(token) is None
