"""All jobs as CSV."""

import csv
import io
from typing import Any

import pytest

from api.digi import csv_table
from deployments.models import Deployment
from tests.api.digi.callers import Digi, refused
from tests.api.digi.conftest import DeploymentMaker
from tests.api.digi.test_jobs import KEYS
from tests.make import make_device


@pytest.fixture
def jobs(digi: Digi, job: DeploymentMaker) -> list[int]:
    device = make_device(digi.organization)
    return [job(devices=[device], name=f"job {each}").number for each in range(5)]


def text_of(digi: Digi, **query: Any) -> str:
    answer: Any = digi.get("/bulk", **query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer.streaming_content).decode()


def table_of(digi: Digi, **query: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(digi, **query), newline="")))


def test_a_line_for_each_job(digi: Digi, jobs: list[int]) -> None:
    header, *lines = table_of(digi)
    assert header == KEYS
    told = [dict(zip(header, line, strict=True)) for line in lines]
    assert [each["id"] for each in told] == [str(number) for number in reversed(jobs)]
    expected = digi.job(jobs[-1])
    assert told[0] == {name: str(expected.get(name, "")) for name in KEYS}


def test_lines_end_as_the_format_says(digi: Digi, jobs: list[int]) -> None:
    assert text_of(digi, fields="id", size=1) == f"id\r\n{jobs[-1]}\r\n"


def test_the_caller_names_the_columns(digi: Digi, jobs: list[int]) -> None:
    found = table_of(digi, fields="status, ID,job_description", orderby="id asc", size=2)
    assert found == [
        ["status", "id", "job_description"],
        ["in_progress", str(jobs[0]), "job 0"],
        ["in_progress", str(jobs[1]), "job 1"],
    ]


@pytest.mark.parametrize("fields", ["colour", "id,", "id,name", "id;status", "\0"])
def test_a_column_that_there_is_not(digi: Digi, fields: str) -> None:
    assert refused(digi.get("/bulk", fields=fields), 400).startswith("fields")


def test_a_query_and_an_order_hold_here_too(digi: Digi, jobs: list[int]) -> None:
    found = table_of(digi, fields="id", query=f"id < {jobs[3]}", orderby="job_description asc")
    assert found[1:] == [[str(number)] for number in jobs[:3]]


def test_there_are_no_pages(digi: Digi) -> None:
    assert refused(digi.get("/bulk", cursor=""), 400).startswith("cursor")
    refused(digi.get("/bulk", size="0"), 400)
    refused(digi.get("/bulk", orderby="colour"), 400)


def test_it_is_read_in_pieces(digi: Digi, jobs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "MOST", 2)
    assert table_of(digi, fields="id")[1:] == [[str(number)] for number in reversed(jobs)]
    assert table_of(digi, fields="id", size=3)[1:] == [[str(each)] for each in jobs[:1:-1]]


def test_cells_are_quoted_and_calculate_nothing(digi: Digi, jobs: list[int]) -> None:
    name = '=1+1, "x"\r\ny'
    Deployment.objects.filter(number=jobs[0]).update(name=name)
    found = table_of(digi, fields="job_description", orderby="id asc", size=1)
    assert found[1] == [f"'{name}"]


def test_nobody_counts_for_columns_that_tell_no_counts(
    digi: Digi, jobs: list[int], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(9):
        assert len(table_of(digi, fields="id,status")) == 6


def test_head_tells_of_it_without_reading(digi: Digi, jobs: list[int]) -> None:
    answer: Any = digi.send("HEAD", "/bulk")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer.streaming_content) == b""
