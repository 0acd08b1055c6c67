"""Keys of an organization for scripts: what they may, that they end, and that nobody reads them."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from auditlog.models import AuditEntry
from fleet import api_keys
from fleet.errors import Conflict, Forbidden, Invalid, LimitReached, NotFound
from fleet.models import ApiKey, Role
from fleet.permissions import ROLE_PERMISSIONS
from tests.make import make_actor, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization(key="HOME")


@pytest.fixture
def actor(organization):
    return make_actor(organization, name="ann@example.com")


def issue(actor, organization, name="ci", level="release_manager"):
    return api_keys.issue(actor=actor, organization=organization, name=name, level=level)


def test_a_key_acts_in_its_organization_with_what_its_level_may(organization, actor):
    key, secret = issue(actor, organization)
    who, where = api_keys.authenticate(key.key_id, secret, address="10.0.0.1", via="Carbon Black")
    assert where == organization
    assert (who.name, who.token, who.address) == (key.key_id, "ci", "10.0.0.1")
    assert who.permissions == ROLE_PERMISSIONS[Role.RELEASE_MANAGER]
    assert len(key.key_id) == 10
    assert secret not in json.dumps([key.digest, key.name, key.key_id])


def test_who_has_the_id_alone_or_another_secret_is_nobody(organization, actor):
    key, secret = issue(actor, organization)
    other, _ = issue(actor, organization, name="other")
    for key_id, said in ((key.key_id, ""), (key.key_id, secret.lower()), (other.key_id, secret)):
        assert api_keys.authenticate(key_id, said) is None
    for odd in ("", "\x00", "\udc80", "x" * 9000):
        assert api_keys.authenticate(odd, secret) is None
        assert api_keys.authenticate(key.key_id, odd) is None
        assert not api_keys.was_revoked(odd, odd)


def test_a_revoked_key_is_void_at_once_and_its_name_is_free(organization, actor):
    key, secret = issue(actor, organization)
    api_keys.revoke(actor=actor, organization=organization, key_id=key.pk)
    assert api_keys.authenticate(key.key_id, secret) is None
    assert api_keys.was_revoked(key.key_id, secret)
    assert not api_keys.was_revoked(key.key_id, "wrong")
    with pytest.raises(NotFound):
        api_keys.revoke(actor=actor, organization=organization, key_id=key.pk)
    issue(actor, organization)
    entries = AuditEntry.objects.filter(object_kind="api_key").order_by("pk")
    assert [entry.action for entry in entries] == ["create", "revoke", "create"]
    assert entries[0].object_name == key.key_id


def test_when_it_was_used_last_is_kept_now_and_then(organization, actor):
    key, secret = issue(actor, organization)
    api_keys.authenticate(key.key_id, secret)
    first = ApiKey.objects.get().last_used_at
    api_keys.authenticate(key.key_id, secret)
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=timezone.now() - timedelta(minutes=6))
    api_keys.authenticate(key.key_id, secret)
    assert ApiKey.objects.get().last_used_at > first


def test_names_are_taken_once_and_levels_are_roles(organization, actor):
    issue(actor, organization)
    with pytest.raises(Conflict) as refused:
        issue(actor, organization, name=" ci ")
    assert refused.value.code == "duplicate_api_key_name"
    for name in ("", " ", "x" * 129, "a\x00"):
        with pytest.raises(Invalid) as refused:
            issue(actor, organization, name=name)
        assert refused.value.field == "name"
    with pytest.raises(Invalid) as refused:
        issue(actor, organization, name="x", level="root")
    assert refused.value.field == "level"
    issue(make_actor(other := make_organization()), other)


def test_only_administrators_make_and_revoke_keys(organization, actor):
    key, _ = issue(actor, organization)
    for role in ("release_manager", "viewer"):
        anybody = make_actor(organization, role)
        with pytest.raises(Forbidden):
            issue(anybody, organization, name="mine", level="viewer")
        with pytest.raises(Forbidden):
            api_keys.revoke(actor=anybody, organization=organization, key_id=key.pk)


def test_another_organizations_keys_are_not_there(organization, actor):
    key, _ = issue(actor, organization)
    away = make_organization()
    with pytest.raises(NotFound):
        api_keys.revoke(actor=make_actor(away), organization=away, key_id=key.pk)
    assert list(api_keys.standing_keys(away.pk)) == []


def test_an_organization_has_so_many_keys_and_no_more(organization, actor, monkeypatch):
    monkeypatch.setattr(api_keys, "MOST", 1)
    key, _ = issue(actor, organization)
    with pytest.raises(LimitReached):
        issue(actor, organization, name="two")
    api_keys.revoke(actor=actor, organization=organization, key_id=key.pk)
    issue(actor, organization, name="two")


def test_a_command_makes_one_and_prints_the_header_to_send(organization):
    out = StringIO()
    call_command("add_api_key", "home", "--name", "ci", "--level", "viewer", stdout=out)
    name, _, token = out.getvalue().strip().partition(": ")
    secret, _, key_id = token.partition("/")
    assert name == "X-AUTH-TOKEN"
    who, _where = api_keys.authenticate(key_id, secret)
    assert who.permissions == ROLE_PERMISSIONS[Role.VIEWER]
    with pytest.raises(CommandError, match="already"):
        call_command("add_api_key", "HOME", "--name", "ci", stdout=out)
