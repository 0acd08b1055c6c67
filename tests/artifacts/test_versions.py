"""Which version devices run, and which of them are behind."""

import pytest

from artifacts.versions import (
    VERSION,
    Fleet,
    newest_versions,
    outdated,
    version_of,
    versions_of,
)
from fleet.models import Device, SensorKit
from query.versions import version_key
from tests.make import make_artifact, make_device, make_distribution_set, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


@pytest.fixture
def devices(organization):
    """Their versions are their names; the release "fw:3.9" has the version 3.9."""
    make_distribution_set(organization, "fw", "3.9")
    make_distribution_set(make_organization(), "other", "7")
    facts = {
        "3.10": {"sensor_version": "3.10", "software": "fw:3.9"},
        "3.9": {"software": "fw:3.9"},
        "release-1": {"software": "release-1"},
        "other:7": {"software": "other:7"},
        "": {},
    }
    for name, more in facts.items():
        make_device(organization, name=name or "none", description=name, **more)
    return Device.objects.of(organization)


def test_a_version_is_what_the_device_says_else_that_of_its_release_else_its_software(devices):
    assert all(device.version == device.description for device in devices.annotate(version=VERSION))
    assert all(version_of(device) == device.description for device in devices)


def test_the_versions_of_some_devices_are_told_once_each(organization, devices):
    make_device(organization, software="fw:3.9")
    assert versions_of(organization.pk, devices) == {"3.10", "3.9", "release-1", "other:7", ""}
    assert versions_of(organization.pk, devices.filter(name="none")) == {""}


@pytest.mark.parametrize("wanted", ["3.10", "3.9", "release-1", "other:7", ""])
def test_devices_are_found_by_their_version(organization, devices, wanted):
    found = devices.filter(Fleet(organization.pk).having(wanted.__eq__))
    assert [device.description for device in found] == [wanted]


def test_devices_are_found_by_the_order_of_versions(
    organization, devices, django_assert_num_queries
):
    least = version_key("3.9")
    with django_assert_num_queries(2):
        condition = Fleet(organization.pk).having(lambda text: version_key(text) > least)
    found = devices.filter(condition)
    assert {device.description for device in found} == {"3.10", "release-1", "other:7"}
    assert not devices.filter(Fleet(organization.pk).having(lambda text: text == "no"))
    rest = devices.exclude(condition)
    assert {device.description for device in rest} == {"3.9", ""}


def test_more_versions_than_a_statement_may_have_parameters(organization):
    Device.objects.bulk_create(
        Device(
            organization=organization,
            identity={"n": number},
            identity_digest=str(number),
            controller_id=str(number),
            name=str(number),
            software=f"build-{number}",
        )
        for number in range(70_000)
    )
    condition = Fleet(organization.pk).having(lambda text: text != "build-7")
    assert Device.objects.of(organization).filter(condition).count() == 69_999


def test_who_is_behind_the_newest_release_of_its_kit_is_outdated(organization):
    for version in ("3.9", "3.10"):
        release = make_distribution_set(organization, f"mac-{version}", version)
        make_artifact(release, device_types=["macbook"])
    SensorKit.objects.create(organization=organization, kit_type="MAC", device_types=["macbook"])
    facts = [("behind", "MAC", "3.9"), ("newest", "MAC", "3.10"), ("ahead", "MAC", "3.11")]
    facts += [("unknown", "MAC", ""), ("no release", "UBUNTU", "1.0")]
    for name, kit_type, version in facts:
        make_device(organization, name=name, kit_type=kit_type, sensor_version=version)
    assert newest_versions(organization.pk) == {"MAC": "3.10"}
    behind = Device.objects.of(organization).filter(outdated(organization.pk))
    assert [device.name for device in behind] == ["behind"]


def test_a_set_without_artifacts_is_new_for_the_kit_whose_product_it_is(organization):
    SensorKit.objects.create(organization=organization, kit_type="RHEL", product="agent")
    make_distribution_set(organization, "agent", "2.0")
    make_distribution_set(organization, "another", "9.0")
    old = make_device(organization, kit_type="RHEL", sensor_version="1.9")
    assert list(Device.objects.filter(outdated(organization.pk))) == [old]


def test_where_nothing_can_be_deployed_nobody_is_outdated(organization, devices):
    assert not devices.filter(outdated(organization.pk))
