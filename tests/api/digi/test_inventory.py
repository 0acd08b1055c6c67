"""Lists of jobs: which, in which order, how many at a time, in which format."""

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import HttpResponse

from deployments.models import Deployment
from tests.api.digi.callers import Digi, digi_caller, refused, told
from tests.api.digi.conftest import DeploymentMaker
from tests.make import make_deployment, make_device

XML = "application/xml; charset=utf-8"


@pytest.fixture
def jobs(digi: Digi, job: DeploymentMaker) -> list[int]:
    """Five, the oldest first; by name it is the other way round."""
    device = make_device(digi.organization)
    return [job(devices=[device], name=f"job {9 - each}").number for each in range(5)]


def walked(digi: Digi, **query: Any) -> Iterator[dict[str, Any]]:
    """Page by page, as clients do: until there is no `next_uri`."""
    page = told(digi.get("/inventory", **query))
    yield page
    while "next_uri" in page:
        page = told(digi.get(page["next_uri"]))
        yield page


def ids(pages: Iterator[dict[str, Any]]) -> list[list[int]]:
    return [[each["id"] for each in page["list"]] for page in pages]


def test_the_newest_come_first(digi: Digi, jobs: list[int]) -> None:
    page = told(digi.get("/inventory"))
    assert set(page) == {"count", "size", "list"}
    assert (page["count"], page["size"]) == (5, 1000)
    assert [each["id"] for each in page["list"]] == jobs[::-1]
    assert {name: value for name, value in digi.job(jobs[0]).items() if name != "targets"} == page[
        "list"
    ][-1]


def test_an_empty_list(digi: Digi) -> None:
    assert told(digi.get("/inventory")) == {"count": 0, "size": 1000, "list": []}


def test_the_name_may_say_the_format(digi: Digi, jobs: list[int]) -> None:
    assert told(digi.get("/inventory.json")) == told(digi.get("/inventory"))


def test_pages_are_walked_by_their_links(digi: Digi, jobs: list[int]) -> None:
    pages = list(walked(digi, size=2))
    assert ids(iter(pages)) == [jobs[:2:-1], jobs[2:0:-1], jobs[:1]]
    assert [(page["count"], page["size"]) for page in pages] == [(2, 2), (2, 2), (1, 2)]
    assert ["cursor" in page for page in pages] == [True, True, False]
    assert pages[0]["next_uri"].startswith("/ws/v1/jobs/inventory?")


def test_a_page_that_is_just_full_is_the_last(digi: Digi, jobs: list[int]) -> None:
    assert len(list(walked(digi, size=5))) == 1


def test_the_cursor_alone_leads_on_as_well(digi: Digi, jobs: list[int]) -> None:
    page = told(digi.get("/inventory", size=2))
    after = told(digi.get("/inventory", size=1, cursor=page["cursor"]))
    assert [each["id"] for each in after["list"]] == [jobs[2]]


def test_what_comes_while_pages_are_walked_moves_nothing(
    digi: Digi, jobs: list[int], job: DeploymentMaker
) -> None:
    walk = walked(digi, size=2)
    first = next(walk)
    job(devices=[make_device(digi.organization)])
    Deployment.objects.filter(number=jobs[3]).update(archived_at="2030-01-01T00:00:00Z")
    assert [each["id"] for each in first["list"]] == jobs[:2:-1]
    assert ids(walk) == [jobs[2:0:-1], jobs[:1]]


@pytest.mark.parametrize(
    ("orderby", "goes_up"),
    [
        ("id", False),
        ("id desc", False),
        ("id asc", True),
        ("ID ASC", True),
        ("submit_time asc", True),
        ("job_description asc", False),
        ("job_description", True),
    ],
)
def test_an_order_goes_down_unless_it_is_told_otherwise(
    digi: Digi, jobs: list[int], orderby: str, goes_up: bool
) -> None:
    expected = jobs if goes_up else jobs[::-1]
    assert digi.listed(orderby=orderby) == expected
    pages = ids(walked(digi, orderby=orderby, size=2))
    assert [each for page in pages for each in page] == expected


@pytest.mark.parametrize("orderby", ["colour", "id sideways", "id asc desc", "group", "tags", ","])
def test_an_order_that_there_is_not(digi: Digi, orderby: str) -> None:
    assert "orderby" in refused(digi.get("/inventory", orderby=orderby), 400)


def test_a_query_says_which(digi: Digi, jobs: list[int]) -> None:
    assert digi.listed(query=f"id >= {jobs[2]} and status = 'in_progress'") == jobs[:1:-1]
    assert digi.listed(query="job_description = 'job 9'") == jobs[:1]
    assert digi.listed(query="username = 'nobody'") == []
    assert digi.listed(query="") == digi.listed() == jobs[::-1]


@pytest.mark.parametrize(
    "query",
    [
        *("colour = 'red'", "id =", "(status = 'new'", "not (status = 'new')", "status = new"),
        *("last_connect > '2024-01-01'", "id = '\0'", "status like 'n%'", "()", "x" * 9000),
        *("group > '/a'", "signal_percent contains '2'", "health_status startsWith 'w'"),
        *("health_status = 'broken'", 'name = "x"', "signal_percent < 'low'", "tags < 'a'"),
        *("complete_time = ''", "status = 'new' and", "id > 0)", "(" * 33 + "id=1" + ")" * 33),
    ],
)
def test_a_query_that_says_nothing(digi: Digi, query: str) -> None:
    for path in ("/inventory", "/inventory.json", "/inventory.xml", "/bulk"):
        assert "query" in refused(digi.get(path, query=query), 400)


def test_pages_keep_to_the_query(digi: Digi, jobs: list[int]) -> None:
    query = f"id <> {jobs[3]}"
    assert ids(walked(digi, query=query, size=2)) == [[jobs[4], jobs[2]], [jobs[1], jobs[0]]]


@pytest.mark.parametrize("size", ["0", "-1", "x", "1.5", "", "1e3", " 5", "٣"])
def test_a_size_that_is_none(digi: Digi, size: str) -> None:
    assert "size" in refused(digi.get(f"/inventory?size={size}"), 400)


@pytest.mark.parametrize("size", ["1001", "999999999999999999"])
def test_a_page_has_a_thousand_at_most(digi: Digi, size: str) -> None:
    assert told(digi.get("/inventory", size=size))["size"] == 1000


def test_a_cursor_holds_for_its_query_and_order(digi: Digi, jobs: list[int]) -> None:
    cursor = told(digi.get("/inventory", size=2))["cursor"]
    for other in ({"query": "id > 0"}, {"orderby": "id asc"}):
        message = refused(digi.get("/inventory", cursor=cursor, **other), 400)
        assert message.startswith("cursor")


@pytest.mark.parametrize("cursor", ["x", "a.b", "\0", "é", "x" * 5000])
def test_a_cursor_that_was_never_given(digi: Digi, cursor: str) -> None:
    assert "cursor" in refused(digi.get("/inventory", cursor=cursor), 400)


def test_a_cursor_holds_in_its_organization(digi: Digi, jobs: list[int]) -> None:
    cursor = told(digi.get("/inventory", size=2))["cursor"]
    refused(digi_caller().get("/inventory", cursor=cursor), 400)


def test_parameters_that_nobody_knows_are_passed_over(digi: Digi, jobs: list[int]) -> None:
    assert digi.listed(embed="true", fields="nothing") == jobs[::-1]


def elements(answer: HttpResponse) -> ElementTree.Element:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == XML
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    return ElementTree.fromstring(answer.content)  # noqa: S314  it is ours


def test_xml_has_an_element_for_each_key(digi: Digi, jobs: list[int]) -> None:
    page = told(digi.get("/inventory", size=2))
    result = elements(digi.get("/inventory.xml", size=2))
    assert [each.tag for each in result] == ["count", "size", "cursor", "next_uri", "list"]
    assert result.findtext("count") == "2"
    assert str(result.findtext("next_uri")).startswith("/ws/v1/jobs/inventory.xml?")
    found = [{each.tag: each.text for each in job} for job in result.findall("list/job")]
    assert found == [{name: str(value) for name, value in each.items()} for each in page["list"]]
    last = elements(digi.get(str(result.findtext("next_uri"))))
    assert len(last.findall("list/job")) == 2


def test_xml_escapes_what_it_must(digi: Digi, job: DeploymentMaker) -> None:
    name = '<b> & "quotes" ]]> \x0b \r é 🚀'
    job(devices=[make_device(digi.organization)], name=name)
    result = elements(digi.get("/inventory.xml"))
    assert result.findtext("list/job/job_description") == name.replace("\x0b", "\ufffd")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("application/xml", "application/xml"),
        ("text/xml", "text/xml"),
        ("text/html, application/xml;q=0.9, */*;q=0.1", "application/xml"),
        ("application/json;q=0.5, application/xml", "application/xml"),
    ],
)
def test_the_caller_chooses_the_format(
    digi: Digi, jobs: list[int], accept: str, media_type: str
) -> None:
    answer = digi.get("/inventory", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == media_type


def test_a_format_that_there_is_not(digi: Digi) -> None:
    refused(digi.get("/inventory", headers={"accept": "text/html"}), 406)


@pytest.mark.parametrize("path", ["", "/inventory.xml", "/inventory.json", "/bulk"])
def test_elsewhere_nobody_asks_what_the_caller_accepts(digi: Digi, path: str) -> None:
    assert digi.get(path, headers={"accept": "text/html"}).status_code == 200


def test_a_page_costs_as_many_queries_as_one_job(
    digi: Digi, job: DeploymentMaker, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_deployment(digi.organization, devices=[make_device(digi.organization)])
    digi.listed()
    with django_assert_max_num_queries(10):
        assert len(digi.listed()) == 30
