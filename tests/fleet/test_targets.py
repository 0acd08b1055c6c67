"""Devices as hawkBit knows them: registered by their first call, telling of themselves."""

import pytest

from auditlog.models import AuditEntry
from fleet import inventory, presence
from fleet.admission import request_authorization
from fleet.attributes import Attribute
from fleet.errors import Conflict, Invalid, LimitReached
from fleet.keys import normalise
from fleet.models import Contact, Device, Inventory, Organization, SecurityToken
from fleet.signals import device_enrolled
from fleet.tags import set_tags
from fleet.targets import (
    Mode,
    NewTarget,
    create_targets,
    note_address,
    register,
    report_attributes,
)
from fleet.targets.metadata import add_metadata, metadata_of
from tests.at_once import at_once
from tests.make import make_actor, make_device, make_key, make_organization, make_target

pytestmark = pytest.mark.django_db


def told(device):
    return Inventory.objects.get(device=device).attributes["inventory"]


def test_an_unknown_device_is_added_by_its_first_call():
    organization = make_organization()
    device = register(
        organization=organization,
        controller_id="gw-1",
        address="http://10.0.0.7",
        client_address="10.0.0.7",
        via="DDI",
    )
    assert device == Device.objects.get()
    assert (device.status, device.created_by) == ("accepted", "CONTROLLER_PLUG_AND_PLAY")
    assert (device.name, device.address) == ("gw-1", "http://10.0.0.7")
    assert device.wants_attributes
    assert SecurityToken.objects.get().device == device
    assert Contact.objects.get().device == device
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_kind, entry.address, entry.via) == (
        *("create", "device"),
        *("10.0.0.7", "DDI"),
    )


def test_a_known_device_is_found_by_one_query(django_assert_num_queries):
    device = make_target(controller_id="gw-1", status="rejected")
    with django_assert_num_queries(1):
        found = register(organization=device.organization, controller_id="gw-1")
    assert (found, found.status) == (device, "rejected")
    assert make_target(make_organization(), "gw-1") != found


def test_a_device_of_mender_is_known_by_its_id():
    device = make_device()
    assert register(organization=device.organization, controller_id=str(device.id)) == device


@pytest.mark.parametrize("controller_id", ["", "a b", "a\n", "x" * 257, "a\x00b"])
def test_what_is_no_controller_id_registers_nobody(controller_id):
    with pytest.raises(Invalid):
        register(organization=make_organization(), controller_id=controller_id)
    assert not Device.objects.exists()


def test_nobody_registers_beyond_the_limit():
    organization = make_organization(device_limit=1)
    assert register(organization=organization, controller_id="first")
    with pytest.raises(LimitReached):
        register(organization=organization, controller_id="second")
    assert register(organization=organization, controller_id="first")


def test_the_layers_above_hear_of_it_once():
    heard = []

    def hear(devices, **_):
        heard.append([device.controller_id for device in devices])

    organization = make_organization()
    device_enrolled.connect(hear)
    try:
        for _ in range(2):
            register(organization=organization, controller_id="gw-1")
        new = [NewTarget("a"), NewTarget("b")]
        create_targets(actor=make_actor(organization), organization=organization, targets=new)
    finally:
        device_enrolled.disconnect(hear)
    assert heard == [["gw-1"], ["a", "b"]]


@pytest.mark.django_db(transaction=True)
def test_one_new_device_that_calls_many_times_is_one():
    organization = make_organization(device_limit=1)

    def call():
        return register(organization=organization, controller_id="gw-1").pk

    assert len(set(at_once([call] * 40))) == 1
    assert AuditEntry.objects.count() == SecurityToken.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_people_who_add_the_same_targets_at_once_one_does():
    organization = make_organization()
    actor = make_actor(organization)
    new = [NewTarget(f"t{number}") for number in range(20)]

    def adding(targets):
        def add():
            try:
                create_targets(actor=actor, organization=organization, targets=targets)
            except Conflict:
                return 0
            return 1

        return add

    assert sum(at_once([adding(new), adding(new[::-1])] * 4)) == 1
    assert Device.objects.count() == SecurityToken.objects.count() == 20


def test_a_target_cannot_take_the_identity_of_a_device_that_speaks_mender():
    organization = make_organization()
    request_authorization(
        organization=organization,
        identity={"controllerId": "gw-1"},
        public_key=normalise(make_key().pem),
    )
    with pytest.raises(Conflict):
        create_targets(
            actor=make_actor(organization), organization=organization, targets=[NewTarget("gw-1")]
        )


def test_an_address_is_written_when_it_is_news(django_assert_num_queries):
    device = make_target()
    note_address(device=device, address="http://10.0.0.8")
    with django_assert_num_queries(0):
        note_address(device=device, address="http://10.0.0.8")
    device.refresh_from_db()
    assert device.address == "http://10.0.0.8"


def test_attributes_are_merged_replaced_and_removed():
    device = make_target()
    report_attributes(device=device, data={"a": "1", "b": "2"})
    report_attributes(device=device, data={"b": "3", "c": "4", "a": None})
    assert told(device) == {"b": "3", "c": "4"}
    report_attributes(device=device, data={"b": "whatever", "x": None}, mode=Mode.REMOVE)
    assert told(device) == {"c": "4"}
    report_attributes(device=device, data={"z": "9"}, mode=Mode.REPLACE)
    assert told(device) == {"z": "9"}


def test_a_device_that_has_told_its_attributes_is_not_asked_for_them_again():
    device = make_target()
    report_attributes(device=device, data={})
    device.refresh_from_db()
    assert not device.wants_attributes


def test_the_device_type_is_mirrored_and_what_is_installed_only_if_it_is_told():
    device = make_target(software="fw:1.0")
    report_attributes(device=device, data={"device_type": "board", "hw": "1"})
    device.refresh_from_db()
    assert (device.device_type, device.software) == ("board", "fw:1.0")
    report_attributes(device=device, data={"artifact_name": "fw:2.0"})
    report_attributes(device=device, data={"hw": "2"}, mode=Mode.REPLACE)
    device.refresh_from_db()
    assert (device.device_type, device.software) == ("", "fw:2.0")


@pytest.mark.parametrize(
    "data",
    [
        {"k" * 129: "v"},
        {"": "v"},
        {"k": "v" * 129},
        {"k": "grün"},
        {"schlüssel": "v"},
        {"k": "tab\t"},
        {"k": "back`tick"},
    ],
)
def test_attributes_that_hawkbit_does_not_take_are_refused_and_nothing_kept(data):
    device = make_target()
    with pytest.raises(Invalid) as raised:
        report_attributes(device=device, data={"fine": "1"} | data)
    assert raised.value.code == "target_attributes_invalid"
    assert not Inventory.objects.exists()
    device.refresh_from_db()
    assert device.wants_attributes


def test_all_characters_that_hawkbit_takes_are_taken():
    device = make_target()
    text = """aZ09 _-!@#$%^&*()+=[]{}|;:'",.<>/\\?"""
    report_attributes(device=device, data={text: text, "empty": ""})
    assert told(device) == {text: text, "empty": ""}


def test_a_device_tells_at_most_100_attributes():
    device = make_target()
    report_attributes(device=device, data={f"k{number}": "v" for number in range(100)})
    with pytest.raises(LimitReached):
        report_attributes(device=device, data={"one more": "v"})
    assert len(told(device)) == 100
    report_attributes(device=device, data={"k0": None, "one more": "v"})


def test_what_a_device_has_told_in_another_dialect_may_be_more():
    device = make_device(inventory={f"k{number}": number for number in range(150)})
    report_attributes(device=device, data={"k0": "zero"})
    assert told(device)["k0"] == "zero"
    with pytest.raises(LimitReached):
        report_attributes(device=device, data={"one more": "v"})


def test_metadata_survives_what_devices_and_people_write_beside_it():
    device = make_target()
    actor = make_actor(device.organization)
    add_metadata(actor=actor, device=device, entries=[("site", "oslo")])
    inventory.report(device=device, attributes=[Attribute("a", 1)], replace=True)
    report_attributes(device=device, data={"b": "2"}, mode=Mode.REPLACE)
    set_tags(actor=actor, device=device, tags=[Attribute("t", "")], replace=True)
    inventory.forget(actor=actor, device=device)
    assert metadata_of(device) == {"site": "oslo"}


def test_metadata_is_no_attribute_that_lists_and_dialects_show():
    device = make_target()
    actor = make_actor(device.organization)
    add_metadata(actor=actor, device=device, entries=[("site", "oslo")])
    device = Device.objects.select_related("inventory").get()
    assert "site" not in {each.name for each in inventory.attributes_of(device)}


@pytest.mark.django_db(transaction=True)
def test_metadata_and_attributes_written_at_once_are_both_kept():
    device = make_target()
    actor = make_actor(device.organization)

    def note(number):
        add_metadata(actor=actor, device=device, entries=[(f"k{number}", "v")])

    def tell(number):
        report_attributes(device=Device.objects.get(), data={f"k{number}": "v"})

    calls = [lambda act=act, n=n: act(n) for n in range(8) for act in (note, tell)]
    at_once(calls)
    assert len(metadata_of(device)) == len(told(device)) == 8


def test_organizations_are_apart():
    one, other = make_organization(), make_organization()
    assert register(organization=one, controller_id="x") != register(
        organization=other, controller_id="x"
    )
    assert Organization.objects.count() == 2
    presence.forget()
