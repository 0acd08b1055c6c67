"""Static groups."""

from uuid import uuid4

import pytest

from auditlog.actor import Actor, ActorKind
from auditlog.models import AuditEntry
from fleet import groups
from fleet.errors import Forbidden, Invalid
from fleet.models import Device
from tests.make import make_actor, make_device, make_organization

pytestmark = pytest.mark.django_db


def test_devices_move_from_group_to_group():
    home = make_organization()
    actor = make_actor(home)
    one, two = make_device(home, group="south"), make_device(home, group="north")
    ids = [one.id, two.id, uuid4(), make_device().id]
    moved = groups.assign(actor=actor, organization=home, devices=ids, name="north")
    assert moved == (2, 1)
    assert Device.objects.of(home).in_group("north").count() == 2
    assert AuditEntry.objects.get().object_id == str(one.id)


def test_devices_leave_the_group_that_is_named():
    home = make_organization()
    actor = make_actor(home)
    devices = [make_device(home, group=name) for name in ("north", "south", "")]
    ids = [device.id for device in devices]
    assert groups.clear(actor=actor, organization=home, devices=ids, name="north") == (1, 1)
    assert groups.clear(actor=actor, organization=home, devices=ids) == (3, 1)
    assert not Device.objects.of(home).exclude(group="").exists()


@pytest.mark.parametrize("name", ["", "a b", "ä", "a/b", "n" * 257, "a\n"])
def test_a_name_keeps_the_rules(name):
    home = make_organization()
    with pytest.raises(Invalid, match="group name can only contain"):
        groups.assign(actor=make_actor(home), organization=home, devices=[], name=name)


def test_a_release_manager_moves_no_devices():
    home = make_organization()
    actor = make_actor(home, "release_manager")
    with pytest.raises(Forbidden):
        groups.assign(actor=actor, organization=home, devices=[], name="north")


def test_who_reaches_some_groups_moves_nobody_who_has_left_these_meanwhile(monkeypatch):
    home = make_organization()
    device = make_device(home, group="north")
    scoped = {groups.CHANGE: frozenset({"north", "east"})}
    actor = Actor(ActorKind.USER, str(uuid4()), "ann@example.com", home.pk, scoped=scoped)
    found = groups._numbers

    def found_too_early(*args):
        numbers = found(*args)
        Device.objects.update(group="south")
        return numbers

    monkeypatch.setattr(groups, "_numbers", found_too_early)
    ids = [device.id]
    assert groups.assign(actor=actor, organization=home, devices=ids, name="east") == (0, 0)
    assert Device.objects.get().group == "south"
