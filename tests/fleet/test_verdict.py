"""A person accepts and rejects keys."""

import pytest

from auditlog.actor import system
from auditlog.models import AuditEntry
from fleet import device_tokens
from fleet.admission import set_status
from fleet.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound
from tests.make import make_actor, make_auth_set, make_device, make_organization

pytestmark = pytest.mark.django_db


def judge(auth_set, status, **facts):
    actor = facts.pop("actor", None) or make_actor(auth_set.device.organization, **facts)
    set_status(actor=actor, auth_set=auth_set, status=status)
    auth_set.refresh_from_db()
    auth_set.device.refresh_from_db()


@pytest.mark.parametrize("before", ["pending", "accepted", "rejected"])
@pytest.mark.parametrize("after", ["pending", "accepted", "rejected"])
def test_every_verdict_may_follow_every_other(before, after):
    auth_set = make_device(status=before).auth_sets.get()
    judge(auth_set, after)
    assert auth_set.status == auth_set.device.status == after
    assert AuditEntry.objects.count() == (before != after)


@pytest.mark.parametrize("after", ["pending", "accepted", "rejected"])
def test_a_preauthorized_key_is_not_for_people_to_move(after):
    auth_set = make_device(status="preauthorized").auth_sets.get()
    with pytest.raises(Conflict):
        judge(auth_set, after)
    auth_set.refresh_from_db()
    assert auth_set.status == "preauthorized"


@pytest.mark.parametrize("status", ["preauthorized", "noauth", "", "ACCEPTED", "foo"])
def test_other_words_are_no_verdict(status):
    with pytest.raises(Invalid, match="incorrect device status"):
        judge(make_device(status="pending").auth_sets.get(), status)


def test_accepting_a_key_rejects_the_one_before_and_leaves_those_that_wait():
    device = make_device()
    old = device.auth_sets.get()
    token = device_tokens.issue(old)
    waiting = make_auth_set(device)
    promised = make_auth_set(device, status="preauthorized")
    new = make_auth_set(device, status="rejected")
    judge(new, "accepted")
    states = {row.pk: row.status for row in device.auth_sets.all()}
    assert states == {
        old.pk: "rejected",
        waiting.pk: "pending",
        promised.pk: "preauthorized",
        new.pk: "accepted",
    }
    assert device_tokens.authenticate(token) is None
    assert new.device.status == "accepted"


def test_the_audit_log_says_who_judged_which_key():
    auth_set = make_device(status="pending").auth_sets.get()
    judge(auth_set, "accepted", name="ann@example.com", address="192.0.2.1")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_name, entry.address) == (
        "accept",
        "ann@example.com",
        "192.0.2.1",
    )
    assert entry.change["auth_set"] == str(auth_set.id)
    assert (entry.change["from"], entry.change["to"]) == ("pending", "accepted")


def test_a_viewer_may_not_judge_and_slipway_itself_may():
    auth_set = make_device(status="pending").auth_sets.get()
    with pytest.raises(Forbidden):
        judge(auth_set, "accepted", role="viewer")
    judge(auth_set, "accepted", actor=system(auth_set.device.organization_id))
    assert auth_set.status == "accepted"


def test_a_key_that_is_gone_is_not_found():
    auth_set = make_device().auth_sets.get()
    auth_set.device.delete()
    with pytest.raises(NotFound):
        set_status(actor=make_actor(make_organization()), auth_set=auth_set, status="accepted")


def test_no_more_devices_are_accepted_than_the_limit_allows():
    organization = make_organization(device_limit=1)
    first = make_device(organization, status="pending").auth_sets.get()
    second = make_device(organization, status="pending").auth_sets.get()
    judge(first, "accepted")
    with pytest.raises(LimitReached, match="maximum number of accepted devices reached"):
        judge(second, "accepted")
    judge(make_auth_set(first.device), "accepted")  # another key is no other device
    judge(second, "rejected")
    assert second.status == "rejected"


def test_a_limit_of_none_is_no_limit_and_of_zero_admits_nobody():
    judge(make_device(status="pending").auth_sets.get(), "accepted")
    closed = make_organization(device_limit=0)
    with pytest.raises(LimitReached):
        judge(make_device(closed, status="pending").auth_sets.get(), "accepted")
