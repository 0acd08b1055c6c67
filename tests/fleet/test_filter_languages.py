"""Saved filters in another language than our own, wherever people meet them."""

from typing import Any

import pytest

from deployments.filter_words import terms_in_words
from deployments.models import Deployment, DeviceDeployment
from fleet.conditions import devices_of, is_kept_moving, kept_of, matching_kept
from fleet.errors import Invalid
from fleet.languages import devices_selected, spoken_as
from fleet.models import Device, Language, Organization, SavedFilter
from fleet.saved_filters import change_filter, save_query
from fleet.saved_views import view_of
from tests.deployments.calls import offered
from tests.deployments.dynamic import make_dynamic
from tests.make import make_actor, make_device, make_organization, make_target


@pytest.fixture
def organization(db: None) -> Organization:
    return make_organization()


def keep(organization: Organization, query: str, name: str = "edges") -> SavedFilter:
    return save_query(
        actor=make_actor(organization),
        organization=organization,
        name=name,
        query=query,
        language=Language.HAWKBIT,
    )


def names(devices: Any) -> list[str]:
    return sorted(devices.values_list("name", flat=True))


def test_it_selects_as_its_language_does(organization: Organization) -> None:
    make_target(organization, "Edge-1")
    make_target(organization, "core-1")
    saved = keep(organization, "NAME==edge*")
    assert names(devices_of(organization, saved)) == ["Edge-1"]
    assert names(matching_kept(organization, kept_of(saved))) == ["Edge-1"]
    assert kept_of(saved)["language"] == "hawkbit"
    assert saved.terms == []


def test_our_language_refers_to_it_by_its_name(organization: Organization) -> None:
    make_target(organization, "Edge-1")
    make_target(organization, "core-1")
    saved = keep(organization, "name==edge*")
    for query, expected in (
        ("filter==edges", ["Edge-1"]),
        ("filter!=edges", ["core-1"]),
        ("filter==edges;name==core*", []),
    ):
        assert names(devices_selected(organization, query, Language.FIQL)) == expected
    assert view_of(saved).text == "filter=='edges'"


def test_another_filter_cannot_be_kept_that_refers_to_it(organization: Organization) -> None:
    keep(organization, "name==edge*")
    with pytest.raises(Invalid, match="not in FIQL"):
        save_query(
            actor=make_actor(organization),
            organization=organization,
            name="others",
            query="filter!=edges",
        )


def test_one_that_is_changed_in_our_language_is_in_that_from_then_on(
    organization: Organization,
) -> None:
    make_target(organization, "Edge-1")
    saved = keep(organization, "name==edge*")
    actor = make_actor(organization)
    changed = change_filter(actor=actor, saved=saved, name="others")
    assert changed.language == Language.HAWKBIT
    # The same text says something else.
    changed = change_filter(actor=actor, saved=saved, query="name==edge*")
    assert changed.language == Language.FIQL
    assert names(devices_of(organization, changed)) == []


def test_what_it_says_may_move_with_the_time(organization: Organization) -> None:
    moving = keep(organization, "lastControllerRequestAt=lt=${OVERDUE_TS}", "a")
    standing = keep(organization, "updateStatus==pending", "b")
    still = keep(organization, "name==x", "c")
    assert [is_kept_moving(kept_of(each)) for each in (moving, standing, still)] == [
        True,
        True,
        False,
    ]


def test_who_reads_a_copy_is_told_the_language(organization: Organization) -> None:
    assert terms_in_words(kept_of(keep(organization, "name==x"))) == ["name==x (hawkBit's RSQL)"]


def test_a_language_that_nobody_speaks_is_refused() -> None:
    with pytest.raises(Invalid):
        spoken_as("klingon")


def test_a_dynamic_deployment_goes_by_it(organization: Organization) -> None:
    saved = keep(organization, "name==EDGE* and attribute.color==RED")
    red = make_device(organization, name="edge-1", device_type="board", inventory={"color": "Red"})
    blue = make_device(
        organization, name="edge-2", device_type="board", inventory={"color": "blue"}
    )
    deployment = make_dynamic(organization, saved=saved)
    assert offered(red) == str(deployment.id)
    assert offered(blue) == ""
    assert Deployment.objects.get().size == 1
    assert DeviceDeployment.objects.get().device == red


def test_devices_that_are_selected_can_be_locked(organization: Organization) -> None:
    make_target(organization, "edge-1", attributes={"hw": "1"})
    query = "attribute.hw==1,type==x,lastcontrollerrequestat=is=null,assignedds.name==fw"
    found = devices_selected(organization, query)
    assert [each.name for each in found.select_for_update(of=("self",))] == ["edge-1"]
    assert Device.objects.count() == 1
