"""Renaming and deleting a tag of the catalogue reaches all devices that have it."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from auditlog.models import AuditEntry
from fleet import tagging
from fleet.attributes import Attribute
from fleet.errors import Conflict
from fleet.models import Device, Inventory, Organization, Tag
from fleet.tag_catalogue import NewTag
from fleet.tags import set_tags, set_tags_of_many
from jobs.models import Job
from jobs.running import run
from tests.make import make_actor, make_device, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return make_organization()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "BATCH", 2)
    monkeypatch.setattr(tagging, "AT_ONCE", 4)


def tagged(organization: Organization, count: int) -> tuple[Tag, list[Device]]:
    devices = [
        make_device(organization, tags={"site": f"hall {number}", "other": ""})
        for number in range(count)
    ]
    (tag,) = tagging.declare_device_tags(
        actor=make_actor(organization), organization=organization, tags=[NewTag("site")]
    )
    return tag, devices


def tags_of(device: Device) -> dict[str, object]:
    return dict(Inventory.objects.get(device=device).attributes["tags"])


def test_devices_keep_the_value_of_a_renamed_tag(organization: Organization) -> None:
    tag, (device,) = tagged(organization, 1)
    tagging.change_device_tag(actor=make_actor(organization), tag=tag, change={"name": "place"})
    assert tags_of(device) == {"place": "hall 0", "other": ""}
    assert AuditEntry.objects.latest("pk").change["before"] == {"name": "site"}


def test_more_devices_than_a_few_are_left_to_a_job(
    organization: Organization, small_batches: None
) -> None:
    tag, devices = tagged(organization, 7)
    stranger = make_device(tags={"site": "elsewhere"})
    tagging.change_device_tag(actor=make_actor(organization), tag=tag, change={"name": "place"})
    assert ["place" in tags_of(device) for device in devices] == [True] * 4 + [False] * 3
    job = Job.objects.get(kind=tagging.RETAG)
    run(job.id)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert all("place" in tags_of(device) for device in devices)
    assert tags_of(stranger) == {"site": "elsewhere"}


def test_a_deleted_tag_is_not_made_again_before_all_have_lost_it(
    organization: Organization, small_batches: None
) -> None:
    tag, devices = tagged(organization, 5)
    actor = make_actor(organization)
    tagging.delete_device_tag(actor=actor, tag=tag)
    with pytest.raises(Conflict, match="still being taken off"):
        tagging.declare_device_tags(actor=actor, organization=organization, tags=[NewTag("site")])
    run(Job.objects.get(kind=tagging.RETAG).id)
    assert all(tags_of(device) == {"other": ""} for device in devices)
    tagging.declare_device_tags(actor=actor, organization=organization, tags=[NewTag("site")])


def test_what_anybody_puts_on_devices_is_in_the_catalogue_once(
    organization: Organization,
) -> None:
    actor = make_actor(organization)
    first, second = make_device(organization), make_device(organization)
    tag = Attribute("site", "north", scope="tags")
    set_tags(actor=actor, device=first, tags=[tag], replace=False)
    set_tags_of_many(
        actor=actor,
        organization=organization,
        devices=[first.id, second.id],
        tags={"site": "south", "gone": None, "n" * 257: "too long for the catalogue"},
    )
    assert [tag.name for tag in Tag.objects.filter(organization=organization)] == ["site"]


def test_tags_from_before_the_catalogue_are_added_to_it(organization: Organization) -> None:
    make_device(organization, tags={"site": "north", "n" * 257: ""})
    make_device(organization, tags={"site": "south", "beta": ""})
    make_device(organization)
    make_device(tags={"elsewhere": ""})
    editor = SimpleNamespace(connection=connection)
    import_module("fleet.migrations.0008_tag_catalogue").fill(apps, editor)
    found = Tag.objects.filter(organization=organization, kind=Tag.Kind.DEVICE)
    assert sorted(tag.name for tag in found) == ["beta", "site"]
