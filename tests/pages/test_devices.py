"""The list of devices: found, narrowed down, sorted, paged."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.make import make_device
from tests.pages.reading import part, queries, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(home):
    identity = {"mac": "02:4e:51:0a:04:17", "serial": "NQ-417"}
    facts = {"device_type": "gw-a64", "software": "os-2.4.0", "group": "cranes"}
    return make_device(home, name="gw-gdn-0417", identity=identity, **facts)


@pytest.fixture
def kiosk(home):
    return make_device(home, name="kiosk-pir-0112", status="pending")


def listed(client, query=""):
    response = client.get(f"/devices/?{query}")
    return [device.name for device in response.context["page"]]


def test_without_devices_it_teaches_how_the_first_one_comes(client, home):
    text = words(client.get("/devices/"))
    assert "No device has called yet" in text
    assert f"--tenant-token {home.tenant_token}" in text


def test_a_viewer_does_not_see_the_tenant_token(visit, home):
    assert home.tenant_token not in words(visit("viewer").get("/devices/"))


@pytest.mark.parametrize("q", ["gdn-04", "GDN", "nq-417", "02:4e:51:0a"])
def test_it_is_found_by_name_and_identity(client, gateway, kiosk, q):
    assert listed(client, f"q={q}") == ["gw-gdn-0417"]


def test_it_is_found_by_its_id_and_the_beginning_of_it(client, gateway, kiosk):
    assert listed(client, f"q={gateway.id}") == ["gw-gdn-0417"]
    assert listed(client, f"q={str(gateway.id)[:13]}") == ["gw-gdn-0417"]


@pytest.mark.parametrize(
    "query", ["state=accepted", "type=gw-a64", "group=cranes", "state=accepted&type=gw-a64&q=gw"]
)
def test_facets_narrow_it_down(client, gateway, kiosk, query):
    assert listed(client, query) == ["gw-gdn-0417"]


def test_facets_say_how_many_would_remain(client, gateway, kiosk):
    text = words(client.get("/devices/?type=gw-a64"))
    assert "1 of 2 devices matches" in text
    assert "gw-a64 1" in text
    assert "Accepted 1" in text


@pytest.mark.parametrize("query", ["q=zzz", "state=rejected", "q=%00", "q=%25zzz", "type=%00x"])
def test_no_match_offers_the_way_back(client, gateway, kiosk, query):
    response = client.get(f"/devices/?{query}")
    assert response.status_code == 200
    if not response.context["page"].rows:
        assert "Show all 2" in words(response)


def test_strange_parameters_are_left_out(client, gateway, kiosk):
    assert len(listed(client, "state=nonsense&sort=nonsense&cursor=nonsense")) == 2


def test_it_sorts_both_ways_and_who_never_called_comes_last(client, home):
    now = timezone.now()
    make_device(home, name="a")
    make_device(home, name="b", seen_at=now)
    make_device(home, name="c", seen_at=now - timedelta(hours=1))
    assert listed(client, "sort=-name") == ["c", "b", "a"]
    assert listed(client, "sort=seen") == ["c", "b", "a"]
    assert listed(client, "sort=-seen") == ["b", "c", "a"]
    assert 'aria-sort="descending"' in client.get("/devices/?sort=-seen").content.decode()


def test_it_pages(client, home):
    for number in range(55):
        make_device(home, name=f"gw-{number:03}")
    first = client.get("/devices/?q=gw")
    assert "50 of 55: gw-000 to gw-049" in words(first)
    second = client.get(f"/devices/?q=gw&cursor={first.context['page'].next}")
    assert "5 of 55: gw-050 to gw-054" in words(second)
    assert "gw-049" not in words(second)
    cursor = second.context["page"].previous
    assert listed(client, f"q=gw&cursor={cursor}") == [f"gw-{number:03}" for number in range(50)]


def test_a_cursor_of_another_order_begins_at_the_beginning(client, gateway, kiosk):
    assert listed(client, "cursor=made-up") == ["gw-gdn-0417", "kiosk-pir-0112"]


def test_htmx_gets_the_rows_and_the_facets_beside_them(client, gateway, kiosk):
    response = part(client, "/devices/?q=gw", "rows")
    text = response.content.decode()
    assert "<html" not in text
    assert 'id="facets" hx-swap-oob="true"' in text
    assert "gw-gdn-0417" in text
    assert "HX-Request" in response["Vary"]


def test_who_may_not_decide_gets_nothing_to_tick(visit, gateway):
    assert "checkbox" not in visit("viewer").get("/devices/").content.decode()
    assert "checkbox" in visit("operator").get("/devices/").content.decode()


def test_fifty_rows_take_as_many_queries_as_one(client, home):
    make_device(home, seen_at=timezone.now())
    few = queries(client, "/devices/")
    for number in range(50):
        make_device(home, seen_at=timezone.now(), device_type=f"board-{number % 5}")
    assert queries(client, "/devices/") == few <= 16


def test_going_back_to_the_list_gets_the_whole_page_once(client, gateway):
    asked = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    page = client.get("/devices/", headers=asked).content.decode()
    assert (page.count('id="facets"'), page.count("<title>")) == (1, 1)
