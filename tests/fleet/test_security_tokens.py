"""Security tokens of devices, and what people decide of devices that have one."""

import pytest

from auditlog.models import AuditEntry
from fleet import security_tokens
from fleet.admission import (
    decommission,
    dismiss,
    request_authorization,
    set_status,
    set_status_of_many,
    set_token_status,
)
from fleet.errors import Forbidden, Invalid, LimitReached, NotFound
from fleet.keys import normalise
from fleet.models import Device, Organization, SecurityToken
from fleet.signals import admission_changed
from tests.make import (
    make_actor,
    make_auth_set,
    make_device,
    make_key,
    make_organization,
    make_target,
)

pytestmark = pytest.mark.django_db


def again(device):
    return Device.objects.select_related("security_token").get(pk=device.pk)


def judge(device, status):
    outcomes = set_status_of_many(
        actor=make_actor(device.organization),
        organization=device.organization,
        devices=[device.id],
        status=status,
    )
    return outcomes[0].code


def test_the_token_is_sealed_and_can_be_told_again():
    device = make_target(security_token="open sesame".replace(" ", "-"))
    row = SecurityToken.objects.get()
    assert "open-sesame" not in row.sealed
    assert security_tokens.token_of(device) == "open-sesame"


def test_a_token_that_the_server_cannot_open_any_more_still_lets_its_device_in(settings):
    device = make_target(security_token="secret-1")
    settings.SECRET_KEY = "another"
    assert security_tokens.token_of(device) == ""
    assert security_tokens.matches(device, "secret-1")


def test_only_the_token_itself_matches():
    device = make_target(security_token="secret-1")
    assert security_tokens.matches(device, "secret-1")
    for other in ("secret-2", "", "SECRET-1", "secret-1 ", "\ud800"):
        assert not security_tokens.matches(device, other)
    assert not security_tokens.matches(make_device(), "secret-1")


def test_a_new_token_takes_the_place_of_the_old_one():
    device = make_target(security_token="secret-1")
    actor = make_actor(device.organization)
    security_tokens.set_token(actor=actor, device=device, token="secret-2")
    device = again(device)
    assert security_tokens.matches(device, "secret-2")
    assert not security_tokens.matches(device, "secret-1")
    entry = AuditEntry.objects.get()
    assert "secret" not in str({**entry.change, "security_token": ""})


@pytest.mark.parametrize("token", ["", "x" * 129, "with blank", "ümlaut", "line\nbreak"])
def test_what_no_header_carries_is_no_token(token):
    device = make_target()
    with pytest.raises(Invalid) as raised:
        security_tokens.set_token(actor=make_actor(device.organization), device=device, token=token)
    assert raised.value.code == "security_token_invalid"


def test_a_token_does_not_admit_a_device_that_people_have_not_admitted():
    for status in ("pending", "rejected", "noauth"):
        device = make_device(status=status)
        actor = make_actor(device.organization)
        security_tokens.set_token(actor=actor, device=device, token="secret-1")
        assert not security_tokens.matches(again(device), "secret-1")
        assert again(device).status != "accepted"


def test_an_accepted_device_may_be_given_a_token_beside_its_key():
    device = make_device()
    actor = make_actor(device.organization)
    security_tokens.set_token(actor=actor, device=device, token="secret-1")
    assert security_tokens.matches(again(device), "secret-1")


def test_a_rejected_token_stays_rejected_when_it_is_replaced():
    device = make_target(status="rejected")
    actor = make_actor(device.organization)
    security_tokens.set_token(actor=actor, device=device, token="secret-2")
    assert again(device).status == "rejected"


def test_rejecting_a_device_that_has_only_a_token_rejects_that():
    device = make_target(security_token="secret-1")
    assert judge(device, "rejected") == ""
    assert again(device).status == "rejected"
    assert not security_tokens.matches(again(device), "secret-1")
    assert judge(device, "accepted") == ""
    assert again(device).status == "accepted"
    assert security_tokens.matches(again(device), "secret-1")


def test_accepting_is_no_news_for_a_device_that_its_token_admits():
    device = make_target()
    make_auth_set(device)
    assert judge(device, "accepted") == "unchanged"
    assert device.auth_sets.get().status == "pending"


def test_accepted_tokens_count_towards_the_limit():
    device = make_target(status="rejected")
    make_target(device.organization)
    Organization.objects.update(device_limit=1)
    assert judge(device, "accepted") == "device_limit"
    actor = make_actor(device.organization)
    with pytest.raises(LimitReached):
        set_token_status(actor=actor, device=again(device), status="accepted")


def test_a_device_that_its_token_admits_may_accept_a_key_beyond_the_limit():
    device = make_target()
    auth_set = make_auth_set(device)
    Organization.objects.update(device_limit=1)
    set_status(actor=make_actor(device.organization), auth_set=auth_set, status="accepted")
    assert again(device).status == "accepted"


def test_a_token_is_judged_apart_from_the_keys():
    device = make_target()
    auth_set = make_auth_set(device, status="accepted")
    actor = make_actor(device.organization)
    set_token_status(actor=actor, device=device, status="rejected")
    assert again(device).status == "accepted"
    set_status(actor=actor, auth_set=auth_set, status="rejected")
    assert again(device).status == "rejected"
    set_token_status(actor=actor, device=device, status="accepted")
    assert again(device).status == "accepted"


def test_judging_a_token_is_told_and_noted_once():
    device = make_target()
    heard = []

    def hear(devices, action, **_):
        heard.append(([each.status for each in devices], action))

    admission_changed.connect(hear)
    try:
        for _ in range(2):
            actor = make_actor(device.organization)
            set_token_status(actor=actor, device=device, status="rejected")
    finally:
        admission_changed.disconnect(hear)
    assert heard == [(["rejected"], "reject")]
    assert AuditEntry.objects.get().change["security_token"] == "rejected"


def test_judging_a_token_wants_the_right_and_a_token():
    device = make_target()
    viewer = make_actor(device.organization, "viewer")
    with pytest.raises(Forbidden):
        set_token_status(actor=viewer, device=device, status="rejected")
    actor = make_actor(device.organization)
    for status in ("pending", "noauth", ""):
        with pytest.raises(Invalid):
            set_token_status(actor=actor, device=device, status=status)
    bare = make_device(device.organization)
    with pytest.raises(NotFound):
        set_token_status(actor=actor, device=bare, status="rejected")


def test_a_key_of_a_device_with_a_token_asks_to_be_accepted_like_any_other():
    device, key = make_target(), make_key()
    asked = {
        "organization": device.organization,
        "identity": device.identity,
        "public_key": normalise(key.pem),
    }
    assert request_authorization(**asked) is None
    assert again(device).status == "accepted"
    waiting = device.auth_sets.get()
    set_status(actor=make_actor(device.organization), auth_set=waiting, status="accepted")
    assert request_authorization(**asked) == waiting


def test_a_device_that_first_spoke_mender_has_the_controller_id_that_it_names():
    organization = make_organization()
    request_authorization(
        organization=organization,
        identity={"controllerId": "gw-1"},
        public_key=normalise(make_key().pem),
    )
    assert Device.objects.get().controller_id == "gw-1"


def test_the_last_key_may_go_where_a_token_stays():
    device = make_target(status="rejected")
    auth_set = make_auth_set(device, status="preauthorized")
    Device.objects.update(status="preauthorized")
    dismiss(actor=make_actor(device.organization), auth_set=auth_set)
    assert again(device).status == "rejected"


def test_the_token_goes_with_its_device():
    device = make_target()
    decommission(actor=make_actor(device.organization), device=device)
    assert not SecurityToken.objects.exists()
