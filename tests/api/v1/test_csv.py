"""Every list is also a table: streamed, complete, and harmless in a spreadsheet."""

import csv
import gzip
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.listing.devices import DEVICES
from fleet.models import Device
from query import copying, tables
from query.cells import json_text, line_of, safe
from query.ordering import ordering_of
from query.showing import read_fields
from query.tables import table_of
from tests.api.v1.callers import Caller, caller
from tests.make import make_device

pytestmark = pytest.mark.django_db

EVERY = "id,name,status,group,device_type,software,created_at,updated_at,seen_at,identity"
MAPS = "tag,tag.region,tag.count,tag.list,attribute"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
NASTY = [
    'commas, "quotes"; and\nlines\r\n',
    "=1+1",
    "+49 30",
    "-1",
    "@SUM(A1)",
    "\tindented",
    "\rreturned",
    "'quoted",
    " spaces ",
    "\\.",
    "🚢 مرحبا",
    "NULL",
    "null",
]


@pytest.fixture
def person() -> Caller:
    found = caller()
    for index, text in enumerate(NASTY):
        tags = {"region": text, "count": index - 5, "list": [text, 1.5], text: "€"}
        seen_at = datetime(2026, 1, 1, 12, tzinfo=UTC) if index % 2 else None
        told = {"kernel": "6.1", "load": 1e20, "tiny": 1e-7, "zero": -0.0, "size": 10**20}
        make_device(
            found.organization,
            name=text,
            group=text if index % 3 else "",
            tags=tags if index % 2 else None,
            inventory=told,
            identity={"b": text, "aa": str(index), "é": text},
            seen_at=seen_at,
        )
    return found


def table(person: Caller, path: str = "/devices", **parameters: Any) -> bytes:
    answer = person.get(path, format="csv", **parameters)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode(), newline=""), strict=True))


def cell(value: Any) -> str:
    if value is None:
        return ""
    return safe(value) if isinstance(value, str) else json_text(value)


def test_it_tells_what_the_list_tells(person: Caller) -> None:
    fields = f"{EVERY},{MAPS}"
    listed = person.get("/devices", fields=fields, sort="-name").json()["items"]
    header, *rows = read(table(person, fields=fields, sort="-name"))
    assert header == fields.split(",")
    assert len(rows) == len(NASTY)
    assert rows == [[cell(value) for value in item.values()] for item in listed]


def test_each_way_to_make_it_gives_the_same_bytes(
    person: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for fields in [f"{EVERY},{MAPS}", "name", "group", "tag.region", "tag"]:
        fast = table(person, fields=fields)
        with monkeypatch.context() as patched:
            patched.setattr(tables, "can_copy", lambda *_: False)
            patched.setattr(tables, "BATCH", 3)
            assert table(person, fields=fields) == fast


def test_no_cell_is_a_formula_and_no_text_is_lost(person: Caller) -> None:
    rows = read(table(person, fields="name,group,tag.region,identity"))[1:]
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row[0] for row in rows} == {safe(text) for text in NASTY}


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_any_line_is_read_back(texts: list[str]) -> None:
    assert read(line_of(texts).encode()) == [texts]


def test_filters_and_limits_are_those_of_the_list(person: Caller) -> None:
    assert read(table(person, fields="name", q="tag.count==-2"))[1:] == [["'-1"]]
    assert len(read(table(person, fields="name", limit="4"))) == 5
    assert table(person, fields="name", q="name==nothing") == b"name\n"
    assert len(read(table(person))) == len(NASTY) + 1


def test_it_is_asked_for_by_accept_too(person: Caller) -> None:
    answer = person.get("/devices", headers={"accept": "text/csv"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="devices.csv"'
    assert b"".join(answer.streaming_content).startswith(b"id,name,")  # type: ignore[attr-defined]
    told = person.get("/devices", format="json", headers={"accept": "text/csv"})
    assert told.headers["Content-Type"] == "application/json"


def test_it_is_compressed_when_that_is_asked_for(person: Caller) -> None:
    plain = table(person)
    for accepted, is_gzipped in [("gzip, br", True), ("gzip;q=0", False), ("br", False)]:
        answer = person.get("/devices", format="csv", headers={"accept-encoding": accepted})
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert (answer.headers.get("Content-Encoding") == "gzip") == is_gzipped
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert (gzip.decompress(content) if is_gzipped else content) == plain


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"q": "nmae==x"}, "invalid_filter"),
        ({"fields": "nmae"}, "invalid_parameter"),
        ({"limit": "0"}, "invalid_parameter"),
        ({"cursor": "x"}, "unknown_parameter"),
        ({"format": "xml"}, "invalid_parameter"),
    ],
)
def test_what_is_wrong_is_a_problem_and_no_table(
    person: Caller, parameters: dict[str, str], code: str
) -> None:
    headers = {"accept": "text/csv"}
    answer = person.get("/devices", **parameters, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_head_reads_nothing(person: Caller) -> None:
    answer = person.send("HEAD", "/devices?format=csv")
    assert (answer.status_code, b"".join(answer)) == (200, b"")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_others_devices_are_not_in_it(person: Caller) -> None:
    assert read(table(caller(), fields="name")) == [["name"]]


def test_it_comes_in_pieces_and_may_be_left(
    person: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BATCH", 2)
    monkeypatch.setattr(copying, "CHUNK", 100)
    rows, shown = Device.objects.of(person.organization), read_fields("name,identity", DEVICES)
    begun = table_of(rows, ordering_of(["name"], DEVICES), shown)
    assert 0 < next(iter(begun)).count(b"\n") < len(NASTY)
    begun.close()
    assert rows.count() == len(NASTY)
    nothing = table_of(rows.none(), ordering_of(["name"], DEVICES), shown)
    assert (list(nothing), nothing.row_count) == ([b"name,identity\n"], 0)


def test_many_rows_come_in_the_order_asked_for(
    person: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = "name,seen_at"
    few = table(person, fields=fields, sort="-seen_at,name")
    monkeypatch.setattr(copying, "MANY", 0)
    assert table(person, fields=fields, sort="-seen_at,name") == few
