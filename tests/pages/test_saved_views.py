"""Saved filters as views of the devices page."""

import pytest

from fleet.models import Language, SavedFilter
from fleet.saved_filters import save_query
from tests.make import make_actor, make_device, make_organization
from tests.pages.reading import words

pytestmark = pytest.mark.django_db

TERMS = [{"scope": "inventory", "attribute": "kernel", "type": "$gte", "value": 6}]


@pytest.fixture
def device(home):
    return make_device(home, name="edge-1", status="pending", inventory={"kernel": 7})


def save(client, name, q, **more):
    return client.post("/devices/views/", {"name": name, "q": q} | more, follow=True)


def tabs(response):
    views = response.context["views"]
    return [view.saved.name for view in views.beside], views.current and views.current.saved.name


def test_what_is_shown_becomes_a_view_and_is_open(client, device):
    shown = client.get("/devices/?q=name%3D%3Dedge-*&state=pending")
    q = shown.context["narrowing"].fiql
    response = save(client, "New edges", q)
    assert "Saved as New edges, for everybody here." in words(response)
    assert tabs(response) == (["New edges"], "New edges")
    assert SavedFilter.objects.get().query == "name==edge-*;status==pending"
    assert [row.name for row in response.context["page"]] == ["edge-1"]


def test_a_view_keeps_times_as_they_were_written(client, device):
    shown = client.get("/devices/?q=seen_at%3Dlt%3Dnow-7d")
    save(client, "Silent", shown.context["narrowing"].fiql)
    assert SavedFilter.objects.get().query == "seen_at=lt=now-7d"


def test_a_word_can_be_saved_too(client, device):
    make_device(device.organization, name="kiosk")
    response = save(client, "Edges", client.get("/devices/?q=EDGE").context["narrowing"].fiql)
    assert [row.name for row in response.context["page"]] == ["edge-1"]


def test_a_name_that_is_taken_is_refused_and_the_list_stays(client, home, device):
    save(client, "Mine", "name==a")
    response = save(client, "Mine", "name==b", filter="?q=name%3D%3Dedge-1")
    assert "exists already" in words(response)
    assert [row.name for row in response.context["page"]] == ["edge-1"]
    assert SavedFilter.objects.get().query == "name==a"


def test_a_filter_of_terms_is_a_view_that_says_them_in_words(client, home, device):
    make_device(home, name="old", inventory={"kernel": 5})
    SavedFilter.objects.create(organization=home, name="it's new; yes", terms=TERMS)
    view = client.get("/devices/").context["views"].beside[0]
    response = client.get("/devices/", {"q": view.text})
    assert [row.name for row in response.context["page"]] == ["edge-1"]
    assert "As saved: kernel ≥ 6" in words(response)
    assert tabs(response) == (["it's new; yes"], "it's new; yes")


def test_it_is_renamed_and_deleted(client, home, device):
    save(client, "Mine", "name==edge-*")
    saved = SavedFilter.objects.get()
    response = client.post(f"/devices/views/{saved.id}/rename/", {"name": "Ours"}, follow=True)
    assert "The view is called Ours now." in words(response)
    assert tabs(response) == (["Ours"], "Ours")
    response = client.post(f"/devices/views/{saved.id}/delete/", follow=True)
    assert "The view Ours is deleted." in words(response)
    assert tabs(response) == ([], None)


def test_a_viewer_sees_views_and_changes_none(visit, home, device):
    saved = SavedFilter.objects.create(organization=home, name="Mine", query="name==edge-*")
    viewer = visit("viewer")
    response = viewer.get("/devices/?q=name%3D%3Dedge-*")
    assert tabs(response) == (["Mine"], "Mine")
    assert "This view" not in words(response)
    assert "Save view" not in words(viewer.get("/devices/?q=name%3D%3Dedge-1"))
    assert viewer.post("/devices/views/", {"name": "x", "q": "name==a"}).status_code == 403
    for act in ("rename", "delete"):
        assert viewer.post(f"/devices/views/{saved.id}/{act}/", {"name": "x"}).status_code == 403


def test_many_views_do_not_crowd_the_page(client, home, device):
    for number in range(70):
        facts = {"name": f"view {number:02}", "query": f"name==edge-{number}"}
        SavedFilter.objects.create(organization=home, **facts)
    views = client.get("/devices/").context["views"]
    assert (len(views.beside), len(views.more), views.hidden) == (5, 50, 15)
    assert tabs(client.get("/devices/?q=name%3D%3Dedge-30"))[1] == "view 30"
    assert "view 30" in tabs(client.get("/devices/?q=name%3D%3Dedge-30"))[0]


def test_views_of_another_organization_are_not_there(client, device):
    theirs = make_organization()
    saved = SavedFilter.objects.create(organization=theirs, name="Theirs", query="name==a")
    assert "Theirs" not in words(client.get("/devices/"))
    for act in ("rename", "delete"):
        assert client.post(f"/devices/views/{saved.id}/{act}/", {"name": "x"}).status_code == 404


def test_a_view_in_hawkbits_language_is_open_by_its_name(client, home, device):
    make_device(home, name="core-1", status="pending")
    save_query(
        actor=make_actor(home),
        organization=home,
        name="Edges",
        query="NAME==Edge* and attribute.kernel==7",
        language=Language.HAWKBIT,
    )
    response = client.get("/devices/?q=filter%3D%3D'Edges'")
    assert tabs(response) == (["Edges"], "Edges")
    assert [row.name for row in response.context["page"]] == ["edge-1"]
    assert "NAME==Edge* and attribute.kernel==7 (hawkBit's RSQL)" in words(response)
    assert response.context["narrowing"].fiql == "filter=='Edges'"
