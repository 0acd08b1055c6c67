"""Pages by number: what may be asked for, and what the headers say."""

from typing import Any

import pytest
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory

from api.paging import MAX_OFFSET, Page, add_page_headers, read_page
from fleet.errors import Invalid
from fleet.models import Organization
from tests.make import make_organization


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", Page(1, 20)),
        ("page=&per_page=", Page(1, 20)),
        ("page=3&per_page=500", Page(3, 500)),
        ("page=%2B2&per_page=007", Page(2, 7)),
        ("page=1&page=2", Page(2, 20)),
    ],
)
def test_a_page_is_read(query: str, page: Page) -> None:
    assert read_page(QueryDict(query)) == page


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "1.0", "1e3", " 1", "٣", "18446744073709551617"])
def test_what_is_no_page_is_refused(name: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"invalid {name} query"):
        read_page(QueryDict(f"{name}={value}"))


def test_a_page_too_large_is_refused_or_forgiven() -> None:
    with pytest.raises(Invalid, match=r'parameter "per_page" above limit \(max: 500\)'):
        read_page(QueryDict("per_page=501"))
    assert read_page(QueryDict("per_page=501"), is_lenient=True) == Page(1, 20)
    assert read_page(QueryDict(""), max_size=10) == Page(1, 10)


def headers(page: Page, **facts: Any) -> HttpResponse:
    request = RequestFactory().get("/things?name=a%26b&page=7&per_page=5&name=c")
    return add_page_headers(HttpResponse(), request, page, **facts)


def test_links_keep_the_rest_of_the_query() -> None:
    answer = headers(Page(2, 5), has_more=True)
    assert answer.headers["Link"].split(", ") == [
        '</things?name=a%26b&name=c&page=1&per_page=5>; rel="first"',
        '</things?name=a%26b&name=c&page=1&per_page=5>; rel="prev"',
        '</things?name=a%26b&name=c&page=3&per_page=5>; rel="next"',
    ]
    assert "X-Total-Count" not in answer.headers


@pytest.mark.parametrize(("total", "last"), [(0, 1), (1, 1), (5, 1), (6, 2), (11, 3)])
def test_a_known_total_gives_the_last_page(total: int, last: int) -> None:
    answer = headers(Page(1, 5), has_more=False, total=total)
    assert f'page={last}&per_page=5>; rel="last"' in answer.headers["Link"]
    assert answer.headers["X-Total-Count"] == str(total)


@pytest.mark.django_db
def test_the_rows_of_a_page_and_whether_there_are_more() -> None:
    for _ in range(3):
        make_organization()
    rows = Organization.objects.order_by("created_at")
    assert [(len(Page(n, 2).of(rows)[0]), Page(n, 2).of(rows)[1]) for n in (1, 2, 3)] == [
        (2, True),
        (1, False),
        (0, False),
    ]
    assert Page(MAX_OFFSET, 500).of(rows) == ([], False)
    assert Page(10**17, 20).of(rows) == ([], False)
