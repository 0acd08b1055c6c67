"""The commands that set up a server by hand."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from auditlog.models import AuditEntry
from fleet import access_tokens
from fleet.models import Organization, User
from fleet.policies import gateway_token_of, policies_of
from tests.make import PASSWORD, make_organization, make_user

pytestmark = pytest.mark.django_db


def say(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def tell(*words: str) -> dict:
    return json.loads(say(*words, "--json"))


def test_an_organization_is_added():
    told = tell("add_organization", "Acme Labs")
    row = Organization.objects.get()
    assert told == {
        "id": str(row.pk),
        "key": "ACME-LABS",
        "name": "Acme Labs",
        "tenant_token": row.tenant_token,
    }
    assert "NORTH" in say("add_organization", "North")
    with pytest.raises(CommandError, match="already"):
        say("add_organization", "acme labs")


def test_a_member_is_added_to_one_organization_and_then_to_another():
    make_organization(key="ONE")
    make_organization(key="TWO")
    words = ("Ann@Example.com", "--role", "administrator", "--password", PASSWORD)
    told = tell("add_member", *words, "--organization", "one")
    assert (told["id"], told["email"]) == (str(User.objects.get().pk), "ann@example.com")
    assert "TWO" in say("add_member", *words[:3], "--organization", "TWO")
    assert User.objects.get().memberships.count() == 2
    with pytest.raises(CommandError, match="already"):
        say("add_member", *words, "--organization", "TWO")
    with pytest.raises(CommandError, match="no organization"):
        say("add_member", *words, "--organization", "THREE")
    assert AuditEntry.objects.filter(via="command line", object_kind="user").count() == 2


def test_a_token_is_printed_once_and_works():
    user = make_user(email="ann@example.com")
    token = say("add_token", "ANN@example.com", "--name", "ci", "--expires", "30")
    assert access_tokens.authenticate(token).name == user.email
    told = tell("add_token", "ann@example.com", "--name", "other")
    assert (told["name"], told["expires_at"]) == ("other", None)
    with pytest.raises(CommandError, match="already"):
        say("add_token", "ann@example.com", "--name", "ci")
    for days in ("0", "-1", "366", "99999999999", "x"):
        with pytest.raises(CommandError):
            say("add_token", "ann@example.com", "--name", "n", "--expires", days)


def test_a_token_of_someone_in_several_organizations_needs_one_of_them():
    user = make_user(email="ann@example.com")
    second = make_organization(key="TWO")
    user.memberships.create(organization=second, role="viewer")
    with pytest.raises(CommandError, match="--organization"):
        say("add_token", "ann@example.com", "--name", "ci")
    token = say("add_token", "ann@example.com", "--name", "ci", "--organization", "two")
    assert access_tokens.authenticate(token).organization_id == second.pk
    with pytest.raises(CommandError, match="no member"):
        say("add_token", "bob@example.com", "--name", "ci")


def test_limits_are_set():
    make_organization(key="ONE")
    assert tell("set_limits", "one", "--devices", "5", "--storage", "1024") == {
        "key": "ONE",
        "devices": 5,
        "storage": 1024,
    }
    assert "any number of devices" in say("set_limits", "ONE", "--devices", "-1")
    assert tell("set_limits", "ONE", "--storage", "0")["storage"] is None
    with pytest.raises(CommandError, match="--devices"):
        say("set_limits", "ONE")


def test_a_policy_is_set_and_put_back():
    organization = make_organization(key="ONE")
    assert tell("set_policy", "one", "polling_time", "600") == {
        "key": "ONE",
        "name": "polling_time",
    }
    organization.refresh_from_db()
    assert policies_of(organization).polling_time == 600
    say("set_policy", "ONE", "gateway_token", "s3cret")
    organization.refresh_from_db()
    assert gateway_token_of(policies_of(organization)) == "s3cret"
    assert "default" in say("set_policy", "ONE", "polling_time", "--reset")
    organization.refresh_from_db()
    assert policies_of(organization).polling_time == 300


def test_a_policy_takes_only_what_it_can_be():
    make_organization(key="ONE")
    with pytest.raises(CommandError, match="whole number"):
        say("set_policy", "ONE", "polling_time", "soon")
    with pytest.raises(CommandError, match="--reset"):
        say("set_policy", "ONE", "polling_time")
    with pytest.raises(CommandError, match="invalid choice"):
        say("set_policy", "ONE", "no_such_thing", "1")
