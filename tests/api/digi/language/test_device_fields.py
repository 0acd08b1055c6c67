"""What each device field is read from."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from api.digi.language import jobs_matching
from api.digi.language.devices import DeviceFields
from deployments.models import Deployment
from deployments.states import State
from fleet.models import Device, Organization
from tests.api.digi.language.jobs import Job, make_job, make_part, warn
from tests.make import make_device, make_organization, make_release


@pytest.fixture
def home(db: None) -> Organization:
    return make_organization()


def value_of(device: Device, name: str) -> Any:
    fields = DeviceFields(device.organization, timezone.now())
    rows = Device.objects.filter(pk=device.pk).annotate(value=fields.expression(name))
    return rows.values_list("value", flat=True).get()


@pytest.mark.parametrize(
    ("field", "facts", "expected"),
    [
        ("name", {"name": "", "inventory": {"hostname": "box"}}, "box"),
        ("name", {"name": "", "identity": {"mac": "00-40-9d-00-00-01"}}, "00:40:9D:00:00:01"),
        ("mac", {"identity": {"sn": "1"}, "inventory": {"mac_b": "x", "mac_a": ""}}, "X"),
        ("mac", {"identity": {"mac": "0040.9D00.00ff"}}, "00:40:9D:00:00:FF"),
        ("mac", {"identity": {"sn": "1"}}, None),
        ("serial_number", {"identity": {"sn": "7"}, "inventory": {"serial_number": "8"}}, "7"),
        ("serial_number", {"identity": {"a": 1}, "inventory": {"SerialNumber": 8}}, "8"),
        ("ip", {"inventory": {"ipv4_eth0": ["10.1.2.3/24", "10.1.2.4/24"]}}, "10.1.2.3"),
        ("ip", {"address": "http://10.9.9.9"}, "10.9.9.9"),
        ("public_ip", {"address": "http://me@[2001:db8::1]:8080/path"}, "2001:db8::1"),
        ("public_ip", {"inventory": {"public_ip": "192.0.2.1"}, "address": "x"}, "192.0.2.1"),
        ("public_ip", {}, None),
        ("group", {"group": "/a/b/"}, "/a/b"),
        ("group", {}, "/"),
        ("contact", {"tags": {"contact": "Ann"}, "inventory": {"contact": "Bob"}}, "Ann"),
        ("description", {"description": "mine", "tags": {"description": "tag"}}, "mine"),
        ("carrier2", {"inventory": {"carrier2": "Telco"}}, "Telco"),
        ("signal_strength", {"inventory": {"signal_strength": "-71.5"}}, -71.5),
        ("signal_quality2", {"inventory": {"signal_quality2": "good"}}, None),
        ("firmware_version", {"software": "fw-1"}, "fw-1"),
        ("firmware_version", {"software": "named"}, "2.0"),
        ("firmware_version", {"software": "named", "sensor_version": "9"}, "9"),
        ("restricted_status", {"status": "rejected"}, "disabled"),
        ("restricted_status", {"status": "noauth"}, "untrusted"),
        ("connection_status", {}, "disconnected"),
        ("last_disconnect", {}, None),
        ("health_status", {}, "unknown"),
    ],
)
def test_it_is_read_from_there(
    home: Organization, field: str, facts: dict[str, Any], expected: object
) -> None:
    release = make_release(home, name="named")
    release.version = "2.0"
    release.save()
    assert value_of(make_device(home, **facts), field) == expected


def test_a_device_is_connected_for_twice_its_polling_time(home: Organization) -> None:
    home.policies = {"polling_time": {"value": 60}}
    home.save()
    now = timezone.now()
    device = make_device(home, seen_at=now - timedelta(seconds=110))
    assert value_of(device, "connection_status") == "connected"
    assert value_of(device, "last_disconnect") is None
    device.contact.seen_at = now - timedelta(seconds=130)
    device.contact.save()
    assert value_of(device, "connection_status") == "disconnected"
    assert value_of(device, "last_disconnect") == value_of(device, "last_connect")


def test_health_follows_the_last_deployment_that_ended(home: Organization) -> None:
    device = make_device(home, seen_at=timezone.now())
    first = make_part(make_job(home, 1, Job("a", "completed")), device, State.FAILURE)
    assert value_of(device, "health_status") == "error"
    second = make_part(make_job(home, 2, Job("a", "in_progress")), device, State.INSTALLING)
    warn(first)
    assert value_of(device, "health_status") == "error"
    second.state, second.is_open, second.finished_at = State.SUCCESS, False, timezone.now()
    second.save()
    assert value_of(device, "health_status") == "normal"
    warn(second)
    assert value_of(device, "health_status") == "warning"


def test_a_device_is_known_by_each_spelling_of_its_id(home: Organization) -> None:
    device = make_device(home)
    make_part(make_job(home, 5, Job("a", "in_progress")), device)
    digits = device.id.hex
    spelt = "-".join(digits[start : start + 8] for start in range(0, 32, 8)).upper()
    assert value_of(device, "id") == spelt
    for query in (
        f"id = '{spelt}'",
        f"id = '{str(device.id).upper()}'",
        f"id startsWith '{spelt[:12]}'",
        f"id endsWith '{spelt[-3:].lower()}'",
        f"id >= '{spelt}' and id <= '{device.id}'",
    ):
        assert [job.number for job in jobs_matching(home, query)] == [5], query
    for query in (f"id <> '{spelt}'", "id = 'x'", "id contains 'x'", "id = -5", "id = 5.5"):
        assert not jobs_matching(home, query).exists(), query


def test_a_target_that_is_no_device_any_more_has_no_fields(home: Organization) -> None:
    job = make_job(home, 5, Job("a", "in_progress"))
    make_part(job, None)
    assert not jobs_matching(home, "name <> 'x'").exists()
    assert list(jobs_matching(home, "target_count = 1 or name <> 'x'")) == [job]


def test_what_is_archived_is_not_selected(home: Organization) -> None:
    device = make_device(home, name="edge")
    job = make_job(home, 5, Job("a", "completed"))
    make_part(job, device, State.SUCCESS)
    query = "(id = 5 or name = 'x') and name = 'edge'"
    assert jobs_matching(home, query).exists()
    Deployment.objects.filter(pk=job.pk).update(archived_at=timezone.now())
    assert not jobs_matching(home, query).exists()
