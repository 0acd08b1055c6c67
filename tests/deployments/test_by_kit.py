"""Deployments that bring each kit its release, and what rows keep of what their devices were."""

import uuid

import pytest

from artifacts.kits import releases_for_kits
from artifacts.operations import delete_artifact
from deployments import by_kit
from deployments.assigning import Wish, assign
from deployments.by_kit import KitPlan, create_by_kit
from deployments.enlisting import execute, link
from deployments.models import DeviceDeployment
from deployments.retrying import retry_failed
from deployments.states import Cause
from fleet.errors import Forbidden, Invalid
from fleet.models import Device, SensorKit
from tests.deployments.calls import call, part, say
from tests.make import (
    make_actor,
    make_artifact,
    make_deployment,
    make_device,
    make_distribution_set,
    make_organization,
    make_release,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization():
    return make_organization()


def agent(organization, version, *device_types, title="agent"):
    release = make_distribution_set(organization, title, version)
    if device_types:
        make_artifact(release, device_types=list(device_types))
    return release


def create(organization, versions, role="administrator", **facts):
    return create_by_kit(
        actor=make_actor(organization, role),
        organization=organization,
        plan=KitPlan("job", versions, **facts),
        devices=Device.objects.of(organization),
    )


def rows_of(deployment):
    rows = deployment.device_deployments.order_by("number")
    return [(row.kit_type, row.state, row.brings[1], row.message) for row in rows]


def test_devices_found_get_the_release_of_their_kit_and_others_are_left_out(organization):
    for kit_type, device_type in (("MAC", "mac"), ("UBUNTU", "box"), ("XP", "pc")):
        make_device(organization, kit_type=kit_type, device_type=device_type)
    agent(organization, "3.7", "mac", title="agent-mac")
    agent(organization, "2.1", "box", title="agent-box")
    deployment = create(organization, {"MAC": "3.7", "UBUNTU": "2.1"})
    assert rows_of(deployment) == [
        ("MAC", "pending", "agent-mac:3.7", ""),
        ("UBUNTU", "pending", "agent-box:2.1", ""),
    ]
    assert (deployment.size, deployment.release, deployment.release_name) == (2, None, "multiple")
    assert [(kit.kit_type, kit.version) for kit in deployment.kits.all()] == [
        ("MAC", "3.7"),
        ("UBUNTU", "2.1"),
    ]


def test_who_is_named_and_of_another_kit_has_failed_at_once(organization):
    for kit_type, device_type in (("MAC", "mac"), ("XP", "pc")):
        make_device(organization, kit_type=kit_type, device_type=device_type)
    agent(organization, "3.7", "mac")
    deployment = create(organization, {"MAC": "3.7"}, is_listed=True)
    assert rows_of(deployment) == [
        ("MAC", "pending", "agent:3.7", ""),
        (
            *("XP", "no_artifact", "agent:3.7"),
            "No sensor version was requested for kit type XP",
        ),
    ]
    row = deployment.device_deployments.get(kit_type="XP")
    assert (row.cause, row.is_open) == (Cause.NOT_REQUESTED, False)


def test_of_several_releases_that_of_the_kits_product_is_meant(organization):
    meant = agent(organization, "3.7", title="agent")
    agent(organization, "3.7", "mac", title="other")
    SensorKit.objects.create(
        organization=organization, kit_type="MAC", device_types=["mac"], product="agent"
    )
    make_device(organization, kit_type="MAC")
    assert create(organization, {"MAC": "3.7"}).release == meant


@pytest.mark.parametrize(
    ("versions", "code"),
    [
        ({"NEW": "1"}, "unknown_kit_type"),
        ({"MAC": "9"}, "unknown_version"),
        ({"UBUNTU": "3.7"}, "unknown_version"),
        ({"MAC": ""}, "unknown_version"),
    ],
)
def test_what_cannot_be_brought_is_refused_as_a_whole(organization, versions, code):
    make_device(organization, kit_type="MAC", device_type="mac")
    agent(organization, "3.7", "mac")
    agent(make_organization(), "9", "mac")
    with pytest.raises(Invalid) as refused:
        create(organization, {"MAC": "3.7"} | versions)
    assert refused.value.code == code
    assert not organization.deployments.exists()


def test_who_may_not_deploy_is_refused(organization):
    with pytest.raises(Forbidden):
        create(organization, {}, role="viewer")


def test_it_takes_as_many_queries_for_many_devices(organization, django_assert_max_num_queries):
    agent(organization, "3.7", "mac")
    for _ in range(30):
        make_device(organization, kit_type="MAC", device_type="mac", software="agent:3.6")
    with django_assert_max_num_queries(30):
        create(organization, {"MAC": "3.7"}, is_listed=True)


def kept(row):
    return row.device_name, row.kit_type, row.software_before, row.version_before


FACTS = {"name": "one", "kit_type": "MAC", "software": "agent:3.6"}
KEPT = ("one", "MAC", "agent:3.6", "3.6")


def test_each_way_to_be_enlisted_keeps_what_the_device_was(organization):
    agent(organization, "3.6")
    device = make_device(organization, **FACTS)
    release = agent(organization, "3.7")
    other = make_artifact(make_release(organization)).release
    for release_ in (release, other):
        make_deployment(organization, devices=[device], release=release_)
        make_deployment(organization, release=release_)
    made = assign(
        actor=make_actor(organization),
        organization=organization,
        wishes=[Wish(device, release.number)],
    )
    assert len(made.rows) == 1
    assert {kept(row) for row in DeviceDeployment.objects.all()} == {KEPT}


def test_who_comes_late_is_kept_as_it_comes(organization):
    agent(organization, "3.6")
    unknown = str(uuid.uuid4())
    make_deployment(organization, devices=[unknown])
    row = DeviceDeployment.objects.get()
    assert kept(row) == ("", "OTHER", "", "")
    device = make_device(organization, id=unknown, **FACTS)
    link([device])
    row.refresh_from_db()
    assert kept(row) == KEPT


def test_many_are_assigned_by_as_many_queries_as_few(organization, django_assert_max_num_queries):
    agent(organization, "3.6")
    release = agent(organization, "3.7")
    devices = [make_device(organization, software="agent:3.6") for _ in range(30)]
    with django_assert_max_num_queries(60):
        assign(
            actor=make_actor(organization),
            organization=organization,
            wishes=[Wish(device, release.number) for device in devices],
        )
    assert set(DeviceDeployment.objects.values_list("version_before", flat=True)) == {"3.6"}


def test_who_tries_again_keeps_what_it_was(organization):
    device = make_device(organization, sensor_version="1.0")
    deployment = make_deployment(devices=[device])
    call(device)
    say(device, deployment, "failure")
    Device.objects.update(sensor_version="1.5")
    retry_failed(actor=make_actor(organization), deployment=deployment)
    assert part(device, deployment).version_before == "1.0"


def test_whose_kit_changes_while_rows_are_written_is_in_it_once(organization, monkeypatch):
    make_device(organization, kit_type="MAC", device_type="mac")
    agent(organization, "3.7", "mac")

    def changing(statement, parameters):
        written = execute(statement, parameters)
        Device.objects.update(kit_type="XP")
        return written

    monkeypatch.setattr(by_kit, "execute", changing)
    deployment = create(organization, {"MAC": "3.7"}, is_listed=True)
    assert [row[:2] for row in rows_of(deployment)] == [("MAC", "pending")]
    assert deployment.size == 1


def test_a_release_that_goes_at_this_moment_is_not_deployed(organization, monkeypatch):
    make_device(organization, kit_type="MAC", device_type="mac")
    release = make_release(organization, name="3.7")
    artifact = make_artifact(release, device_types=["mac"])

    def found(*asked):
        chosen = releases_for_kits(*asked)
        delete_artifact(actor=make_actor(organization), artifact=artifact)
        return chosen

    monkeypatch.setattr(by_kit, "releases_for_kits", found)
    with pytest.raises(Invalid) as refusal:
        create(organization, {"MAC": "3.7"})
    assert refusal.value.code == "unknown_version"
