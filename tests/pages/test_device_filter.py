"""The filter of the devices page: conditions in FIQL, their chips, their mistakes."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fleet.models import Device, SavedFilter
from tests.make import make_device
from tests.pages.reading import part, queries, words

pytestmark = pytest.mark.django_db

TERM = {"scope": "inventory", "attribute": "kernel", "type": "$eq", "value": "6.6"}


@pytest.fixture
def fleet(home):
    now = timezone.now()
    common = {"device_type": "board", "inventory": {"kernel": "6.6"}}
    make_device(home, name="edge-1", status="pending", seen_at=now, **common)
    make_device(home, name="edge-2", seen_at=now - timedelta(days=2), **common)
    make_device(home, name="kiosk", group="lab", inventory={"kernel": "5.10"})


def listed(client, q, **more):
    response = client.get("/devices/", {"q": q} | more)
    assert response.status_code == 200
    return [device.name for device in response.context["page"]]


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("name==edge-*;status==pending", ["edge-1"]),
        ("name==edge-2,group==lab", ["edge-2", "kiosk"]),
        ("attribute.kernel!=6.6", ["kiosk"]),
        ("seen_at=lt=now-1d", ["edge-2"]),
        ("(status==pending or group==lab) and attribute.kernel==6.6", ["edge-1"]),
        ("filter=='new kernel';seen_at=gt=now-1d", ["edge-1"]),
    ],
)
def test_it_takes_conditions(client, home, fleet, q, names):
    SavedFilter.objects.create(organization=home, name="new kernel", terms=[TERM])
    assert listed(client, q) == names


def test_facets_narrow_what_a_condition_finds(client, fleet):
    assert listed(client, "name==edge-1,name==kiosk", state="accepted") == ["kiosk"]
    text = words(client.get("/devices/?q=name%3D%3Dedge-*"))
    assert "board 2" in text
    assert "lab" not in text


def test_each_condition_has_a_chip_that_takes_it_away(client, fleet):
    q = "name==edge-*;(status==pending,seen_at=lt=now-1d);attribute.kernel=in=(6.6,6.1)"
    response = client.get("/devices/", {"q": q, "sort": "seen"})
    chips = response.context["chips"]
    assert [chip.said for chip in chips] == [
        "name is edge-*",
        "(status==pending,seen_at=lt=now-1d)",
        "attribute.kernel is one of 6.6, 6.1",
    ]
    assert chips[1].rest == "name==edge-*;attribute.kernel=in=(6.6,6.1)"
    link = "?sort=seen&amp;q=name%3D%3Dedge-%2A%3Battribute.kernel%3Din%3D%286.6%2C6.1%29"
    assert link in response.content.decode()


@pytest.mark.parametrize(
    ("q", "character"),
    [("name==a;softwaer==b", 9), ("name==", 7), ("status==gone", 9), ("seen_at=lt=soon", 12)],
)
def test_a_mistake_is_pointed_at_and_nothing_is_lost(client, fleet, q, character):
    response = client.get("/devices/", {"q": q, "state": "accepted"})
    text = response.content.decode()
    assert response.context["mistake"].character == character
    assert f"\n</span>{' ' * (character - 1)}▲</pre>" in text
    assert 'role="alert"' in text
    assert 'aria-invalid="true"' in text
    assert f'value="{q}"' in text
    assert [device.name for device in response.context["page"]] == ["edge-2", "kiosk"]


def test_htmx_gets_the_mistake_alone_and_nothing_while_one_is_typing(client, fleet):
    response: Any = part(client, "/devices/?q=name%3D%3D", "rows")
    assert (response["HX-Retarget"], response["HX-Push-Url"]) == ("#mistake", "false")
    assert "edge-1" not in response.content.decode()
    assert 'role="alert"' in response.content.decode()
    assert part(client, "/devices/?q=name%3D%3D", "rows", X_Typing="yes").status_code == 204


def test_what_can_be_read_takes_the_mistake_away(client, fleet):
    text = part(client, "/devices/?q=name%3D%3Dkiosk", "rows").content.decode()
    assert '<div id="mistake" hx-swap-oob="true">' in text
    assert 'role="alert"' not in text


def test_nothing_is_decided_on_what_cannot_be_read(client, home, fleet):
    form = {"all": "1", "verb": "accept", "filter": "?q=status%3D%3D"}
    response = client.post("/devices/decide/", form, follow=True)
    assert "Nothing was selected, nothing was changed." in words(response)
    assert Device.objects.get(name="edge-1").status == "pending"


def test_all_that_match_a_condition_are_decided_on(client, home, fleet):
    form = {"all": "1", "verb": "accept", "filter": "?q=name%3D%3Dedge-1"}
    client.post("/devices/decide/", form)
    assert Device.objects.get(name="edge-1").status == "accepted"


def test_a_long_and_hostile_filter_is_only_text(client, fleet):
    for q in ("name==<script>alert(1)</script>", "<" * 5_000, "name=='" + "x" * 4_000, "((((" * 99):
        response = client.get("/devices/", {"q": q})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()


def test_conditions_take_no_more_queries_for_more_rows(client, home, fleet):
    address = "/devices/?q=attribute.kernel%3D%3D6.6%3Bname%3D%3Dedge-*"
    few = queries(client, address)
    for number in range(10, 40):
        make_device(home, name=f"edge-{number}", inventory={"kernel": "6.6"})
    assert queries(client, address) == few


def test_the_same_filter_is_there_to_copy(client, fleet):
    text = words(client.get("/devices/", {"q": "name==edge-*", "state": "pending"}))
    assert "FIQL name==edge-*;status==pending Copy" in text
    assert (
        "--data-urlencode 'q=name==edge-*;status==pending' http://testserver/api/v1/devices" in text
    )
