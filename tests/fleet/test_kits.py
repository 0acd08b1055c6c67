"""Which sensor kit a device has, and that it follows what is said of kits and by devices."""

from threading import Event, Thread

import pytest
from django.db import connection

from auditlog.models import AuditEntry
from fleet import inventory
from fleet.errors import Forbidden, Invalid
from fleet.inventory import Attribute
from fleet.kits import kit_type_of
from fleet.models import Device, KitType, SensorKit
from fleet.sensor_kits import RECOMPUTE, remove_kit, save_kit
from jobs.models import Job
from jobs.running import run
from tests.make import make_actor, make_device, make_organization

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEMS = {
    "Windows XP Professional x86": "XP",
    "Windows Server 2003": "XP",
    "Windows 10 x64": "WINDOWS",
    "Mac OS X 10.11.6": "MAC_OSX",
    "MAC OS X 10.15": "MAC",
    "macOS 14.2": "MAC",
    "Red Hat Enterprise Linux 8": "RHEL",
    "CentOS 7": "RHEL",
    "Oracle Linux": "RHEL",
    "Ubuntu 22.04": "UBUNTU",
    "Debian 12": "UBUNTU",
    "SLES 15": "SUSE",
    "Amazon Linux 2": "AMAZON_LINUX",
    "Poky": "OTHER",
    "": "OTHER",
}


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def actor(organization):
    return make_actor(organization)


def kit_of(device):
    return Device.objects.get(pk=device.pk).kit_type


def tell(device, **values):
    attributes = [Attribute(name, value) for name, value in values.items()]
    inventory.report(device=device, attributes=attributes, replace=False)


def run_jobs():
    for job in Job.objects.filter(kind=RECOMPUTE, state=Job.State.QUEUED):
        run(job.id)


@pytest.mark.parametrize(("system", "kit_type"), SYSTEMS.items())
def test_an_operating_system_has_a_kit(system, kit_type):
    assert kit_type_of({"os": system}, "board", {}) == kit_type


def test_what_the_device_says_comes_first_then_its_type_then_its_system():
    named = {"board": "SUSE"}
    assert kit_type_of({"sensor_kit_type": "mac", "os": "windows"}, "board", named) == "MAC"
    assert kit_type_of({"sensor_kit_type": "new", "os": "windows"}, "board", named) == "SUSE"
    assert kit_type_of({"os": "windows"}, "other", named) == "WINDOWS"


def test_a_device_gets_its_kit_with_its_inventory(organization, django_assert_num_queries):
    device = make_device(organization)
    tell(device, device_type="board", os="Ubuntu 22.04", sensor_version="2.1")
    assert (kit_of(device), Device.objects.get(pk=device.pk).sensor_version) == ("UBUNTU", "2.1")
    SensorKit.objects.create(organization=organization, kit_type="RHEL", device_types=["board"])
    with django_assert_num_queries(6):
        tell(device, device_type="board", os="Ubuntu 22.04")
    assert kit_of(device) == "UBUNTU"
    with django_assert_num_queries(7):
        tell(device, device_type="board", os="Ubuntu 24.04")
    assert kit_of(device) == "RHEL"


def test_devices_follow_what_is_said_of_their_type(organization, actor, monkeypatch):
    monkeypatch.setattr("fleet.sensor_kits.BATCH", 2)
    boards = [make_device(organization, device_type="board") for _ in range(5)]
    tell(boards[4], device_type="board", sensor_kit_type="XP")
    other = make_device(organization, device_type="other")
    away = make_device(device_type="board")
    kit = SensorKit(organization=organization, kit_type="SUSE", device_types=["board"])
    save_kit(actor=actor, kit=kit)
    run_jobs()
    assert [kit_of(device) for device in boards] == ["SUSE"] * 4 + ["XP"]
    assert [kit_of(device) for device in (other, away)] == ["OTHER", "OTHER"]
    kit.device_types = ["other"]
    save_kit(actor=actor, kit=kit)
    run_jobs()
    assert [kit_of(device) for device in (*boards, other)] == ["OTHER"] * 4 + ["XP", "SUSE"]
    remove_kit(actor=actor, kit=kit)
    run_jobs()
    assert kit_of(other) == "OTHER"
    entries = AuditEntry.objects.filter(object_kind="sensor_kit").order_by("pk")
    assert [entry.action for entry in entries] == ["create", "update", "delete"]
    assert entries[1].change == {"device_types": [["board"], ["other"]]}


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kit_type": "NEW"}, "kit_type"),
        ({"device_types": "board"}, "device_types"),
        ({"device_types": [1]}, "device_types"),
        ({"device_types": [""]}, "device_types"),
        ({"product": "x" * 513}, "product"),
    ],
)
def test_what_makes_no_sense_of_a_kit_is_refused(organization, actor, facts, field):
    kit = SensorKit(organization=organization, **{"kit_type": KitType.MAC, **facts})
    with pytest.raises(Invalid) as refused:
        save_kit(actor=actor, kit=kit)
    assert refused.value.field == field
    assert not SensorKit.objects.exists()


def test_only_administrators_say_what_kits_are_for(organization):
    with pytest.raises(Forbidden):
        save_kit(
            actor=make_actor(organization, "release_manager"),
            kit=SensorKit(organization=organization, kit_type="MAC"),
        )


def test_what_a_device_says_meanwhile_stays(organization, actor, monkeypatch):
    device = make_device(organization, device_type="board")
    save_kit(
        actor=actor,
        kit=SensorKit(organization=organization, kit_type="SUSE", device_types=["board"]),
    )
    is_told = Event()

    def speak():
        tell(device, device_type="board", sensor_kit_type="XP")
        is_told.set()
        connection.close()

    speaking = Thread(target=speak)

    def decided(*facts):
        speaking.start()
        is_told.wait(1)
        return kit_type_of(*facts)

    monkeypatch.setattr("fleet.sensor_kits.kit_type_of", decided)
    run_jobs()
    speaking.join()
    assert kit_of(device) == "XP"
