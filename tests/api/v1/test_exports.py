"""Lists written to files by a job: started, watched, fetched by a link, gone in time."""

import gzip
import time
from typing import Any

import pytest
from django.test import Client

from api.exports import files
from api.exports.sweeping import sweep
from api.v1.exports import running
from auditlog.models import AuditEntry
from fleet.models import Device, Membership, Role
from jobs.models import Job
from jobs.running import run
from tests.api.v1.callers import Caller, caller
from tests.make import make_device

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Caller:
    found = caller()
    for name in ["edge-1", "edge-2", "core-1"]:
        make_device(found.organization, name=name)
    return found


def begin(person: Caller, **body: Any) -> str:
    answer = person.post("/exports", {"resource": "devices", "fields": "name", **body})
    assert answer.status_code == 202, answer.content
    assert answer.headers["Location"] == f"/api/v1/exports/{answer.json()['id']}"
    return str(answer.json()["id"])


def done(person: Caller, **body: Any) -> dict[str, Any]:
    id_ = begin(person, **body)
    assert run(Job.objects.get(pk=id_).id)
    found: dict[str, Any] = person.get(f"/exports/{id_}").json()
    return found


def fetch(link: str) -> bytes:
    answer = Client().get(link)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Length"] == str(len(content))
    return content


def test_it_is_begun_watched_and_fetched(person: Caller) -> None:
    id_ = begin(person, q="name==edge-*", sort="-name")
    told = person.get(f"/exports/{id_}").json()
    assert (told["state"], told["link"], told["row_count"]) == ("queued", None, None)
    assert told["query"] == {"q": ["name==edge-*"], "sort": ["-name"], "fields": ["name"]}
    run(Job.objects.get().id)
    told = person.get(f"/exports/{id_}").json()
    assert (told["state"], told["progress"], told["row_count"]) == ("done", 100, 2)
    assert fetch(told["link"]) == b"name\nedge-2\nedge-1\n"
    assert told["size"] == len(b"name\nedge-2\nedge-1\n")
    assert [each["id"] for each in person.get("/exports").json()["items"]] == [id_]
    assert person.get("/exports", format="csv").status_code == 200


def test_a_gzip_file_holds_the_same(person: Caller) -> None:
    told = done(person, gzip=True, parameters={})
    assert told["link"].partition("?")[0].endswith("/devices.csv.gz")
    assert gzip.decompress(fetch(told["link"])) == b"name\ncore-1\nedge-1\nedge-2\n"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"resource": "devcies"}, "resource_unknown", "resource"),
        ({"resource": "devices", "q": "nmae==x"}, "invalid_filter", "q"),
        ({"resource": "devices", "sort": "nmae"}, "invalid_parameter", "sort"),
        ({"resource": "devices", "fields": "nmae"}, "invalid_parameter", "fields"),
        ({"resource": "devices", "parameters": {"nmae": "x"}}, "unknown_parameter", "nmae"),
        ({"resource": "devices", "parameters": {"q": "x"}}, "invalid_body", "parameters.q"),
    ],
)
def test_what_cannot_be_exported_is_refused_at_once(
    person: Caller, body: dict[str, Any], code: str, field: str
) -> None:
    answer = person.post("/exports", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["field"] == field
    assert not Job.objects.exists()


def test_bounds_hold_and_lost_rights_end_it(person: Caller) -> None:
    viewer = caller(Role.VIEWER, person.organization)
    id_ = begin(viewer)
    viewer.membership.delete()
    run(Job.objects.get(pk=id_).id)
    told = person.get(f"/exports/{id_}").json()
    assert (told["state"], told["link"]) == ("failed", None)
    assert "no member" in told["error"]
    uploader = caller(Role.CI, person.organization)
    assert uploader.post("/exports", {"resource": "devices"}).status_code == 403


def test_a_link_ends_with_the_right_to_see_such_a_list(person: Caller) -> None:
    leaver, changer = (caller(Role.VIEWER, person.organization) for _ in range(2))
    links = [done(each)["link"] for each in (leaver, changer)]
    assert {fetch(link) for link in links} == {b"name\ncore-1\nedge-1\nedge-2\n"}
    leaver.membership.delete()
    Membership.objects.filter(pk=changer.membership.pk).update(role=Role.CI)
    answers = [Client().get(link) for link in links]
    assert [(each.status_code, each.json()["code"]) for each in answers] == [(404, "not_found")] * 2


def test_only_the_asker_and_administrators_see_it(person: Caller) -> None:
    asker = caller(Role.VIEWER, person.organization)
    id_ = begin(asker)
    for other, status in [
        (caller(Role.VIEWER, person.organization), 404),
        (caller(), 404),
        (asker, 200),
        (person, 200),
    ]:
        assert other.get(f"/exports/{id_}").status_code == status
    assert caller().delete(f"/exports/{id_}").status_code == 404


def test_a_link_is_for_that_file_until_it_expires(
    person: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = done(person)
    link, other = told["link"], done(person)["link"]
    id_, other_id = link.split("/")[3], other.split("/")[3]
    assert Client().get(link.replace(id_, other_id)).status_code == 403
    assert Client().get(link.replace("devices.csv", "other.csv")).status_code == 403
    assert Client().get(link.replace("expires=1", "expires=2")).status_code == 403
    head = Client().head(link)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(told["size"]))
    later = time.time() + running.LIFETIME.total_seconds() + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert Client().get(link).json()["code"] == "link_expired"
    assert person.get(f"/exports/{id_}").json()["link"] is None
    assert sweep() == 2
    assert files.stored() == {}


def test_deleting_it_deletes_its_file(
    person: Caller, django_capture_on_commit_callbacks: Any
) -> None:
    told = done(person)
    with django_capture_on_commit_callbacks(execute=True):
        assert person.delete(f"/exports/{told['id']}").status_code == 204
    assert files.stored() == {}
    assert Client().get(told["link"]).status_code == 404
    actions = AuditEntry.objects.filter(object_kind="export").order_by("id")
    assert list(actions.values_list("action", flat=True)) == ["create", "delete"]


def test_a_second_run_writes_it_anew(person: Caller) -> None:
    told = done(person)
    job = Job.objects.get()
    Device.objects.filter(name="core-1").update(name="core-2")
    Job.objects.update(state="queued", finished_at=None)
    assert run(job.id)
    again = person.get(f"/exports/{told['id']}").json()
    assert fetch(again["link"]) == b"name\ncore-2\nedge-1\nedge-2\n"
    assert sweep() == 1
    assert len(files.stored()) == 1


def test_nobody_has_more_than_some(person: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.v1.exports.operations.MOST", 1)
    begin(person)
    answer = person.post("/exports", {"resource": "devices"})
    assert (answer.status_code, answer.json()["code"]) == (409, "export_limit")
