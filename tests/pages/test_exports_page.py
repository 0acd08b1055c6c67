"""The page of one's own exports."""

import gzip
from urllib.parse import urlencode

import pytest

from jobs.models import Job
from jobs.running import run_due
from tests.make import make_device
from tests.pages.reading import part, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(visit):
    return visit("viewer")


def begin(client, *, kind="plain", resource="devices", **facts):
    query = urlencode({"q": "status==pending", "sort": "-name"} | facts)
    return client.post("/exports/begin/", {kind: f"{resource}?{query}"}, follow=True)


def test_without_any_it_says_how_one_comes(client):
    assert "You have no export" in words(client.get("/exports/"))


def test_it_is_asked_for_watched_and_fetched(client, home):
    for name in ("=a", "b"):
        make_device(home, name=name, status="pending")
    assert "devices status==pending Waiting" in words(begin(client))
    assert 'hx-trigger="every 2s"' in client.get("/exports/").content.decode()
    run_due()
    shown = part(client, "/exports/", "exports")
    assert shown.status_code == 286
    [made] = client.get("/exports/").context["exports"]
    assert f"Ready 2 {made.facts['size']} bytes" in words(shown)
    lines = b"".join(client.get(made.link)).decode().splitlines()
    assert [line.split(",")[1] for line in lines] == ["name", "b", "'=a"]


def test_it_comes_compressed(client, home):
    make_device(home, name="edge", status="pending")
    begin(client, kind="compressed")
    run_due()
    [made] = client.get("/exports/").context["exports"]
    assert made.facts["name"] == "devices.csv.gz"
    assert b"edge" in gzip.decompress(b"".join(client.get(made.link)))


@pytest.mark.parametrize(
    "facts",
    [
        {"resource": "nothing"},
        {"q": "nothing==1"},
        {"sort": "identity"},
        {"resource": ""},
        {"x": "y"},
    ],
)
def test_what_cannot_be_exported_is_said(client, facts):
    response = begin(client, **facts)
    assert "failed" in response.content.decode()
    assert not Job.objects.exists()


def test_what_the_role_does_not_show_is_not_exported(visit):
    begin(visit("ci"), q="", sort="")
    assert not Job.objects.exists()


def test_it_is_deleted_with_its_file(client, home, django_capture_on_commit_callbacks):
    begin(client)
    run_due()
    [made] = client.get("/exports/").context["exports"]
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/exports/{made.job.id}/delete/")
    assert "You have no export" in words(client.get("/exports/"))
    assert client.get(made.link).status_code == 404


def test_those_of_others_are_not_there(client, visit):
    begin(client)
    other = visit("administrator")
    assert "You have no export" in words(other.get("/exports/"))
    job = Job.objects.get()
    assert other.post(f"/exports/{job.id}/delete/").status_code == 404
