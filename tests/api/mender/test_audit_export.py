"""The audit log as a table: streamed, complete, and harmless in a spreadsheet."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.mender.audit_csv import COLUMNS, table
from auditlog import walking
from auditlog.models import Action
from fleet.models import Organization
from tests.api.mender.audit import LOGS, write, write_many
from tests.api.mender.callers import Person, error_of
from tests.make import make_actor

HEADER = (
    "action,actor.id,actor.type,actor.email,actor.identity_data,object.id,object.type,"
    "object.user.email,object.deployment.name,object.deployment.artifact_name,change,time"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def export(admin: Person, query: str = "") -> list[list[str]]:
    answer = admin.get(f"{LOGS}/export?{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    return read(b"".join(answer.streaming_content))


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode(), newline=""), strict=True))


def shape(change: str) -> dict[str, Any]:
    thing = {"id": "", "type": ""}
    return {"actor": thing, "object": thing, "action": "", "time": "", "change": change}


def test_a_row_is_an_entry_laid_flat(admin: Person, organization: Organization) -> None:
    actor = make_actor(organization, id="7", name="ann@acme.com")
    facts = {"kind": "deployment", "action": Action.CREATE, "name": "prodüction", "release": "app"}
    write(organization, "1", actor=actor, **facts)  # type: ignore[arg-type]
    header, row = export(admin)
    assert ",".join(header) == HEADER
    moment = admin.get(LOGS).json()[0]["time"]
    assert row == [
        *("create", "7", "user", "ann@acme.com", "", "1", "deployment", ""),
        *("prodüction", "app", '{"release":"app"}', moment),
    ]


def test_an_empty_log_has_a_header(admin: Person) -> None:
    assert export(admin) == [HEADER.split(",")]


def test_it_takes_the_filters_of_the_list(admin: Person, organization: Organization) -> None:
    write_many(organization, 25)
    column = COLUMNS.index("object.id")
    for query in ["sort=asc", "object_type=device", "actor_id=nobody", "limit=3", "limit=99"]:
        listed = admin.get(f"{LOGS}?{query}&per_page=500").json()
        wanted = [entry["object"]["id"] for entry in listed][: 3 if query == "limit=3" else None]
        assert [row[column] for row in export(admin, query)[1:]] == wanted


def test_columns_are_left_out_and_renamed(admin: Person, organization: Organization) -> None:
    write(organization, "1")
    left_out = "&".join(f"ignore={name}" for name in COLUMNS if not name.startswith("object.d"))
    header, row = export(admin, f"format_separator=__&{left_out}&ignore=actor.shoe_size")
    assert header == ["object__deployment__name", "object__deployment__artifact_name"]
    assert row == ["", ""]
    nothing = "&".join(f"ignore={name}" for name in COLUMNS)
    assert "ignore" in error_of(admin.get(f"{LOGS}/export?{nothing}"), 400)


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=x", "limit=1.5", f"format_separator={17 * '-'}"]
)
def test_a_malformed_query_is_refused_by_name(admin: Person, query: str) -> None:
    assert query.partition("=")[0] in error_of(admin.get(f"{LOGS}/export?{query}"), 400)


@given(TEXTS)
@example("=1+1")
@example("@SUM(A1)")
@example('\t=1,"2"\r\n3')
@example("\r")
def test_no_cell_is_a_formula_and_no_text_is_lost(text: str) -> None:
    _header, (cell,) = read(b"".join(table([shape(text)], ["change"], ".")))
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in {text, f"'{text}"}


@given(st.text(min_size=1, max_size=16))
def test_any_separator_gives_a_readable_header(separator: str) -> None:
    (header,) = read(b"".join(table([], COLUMNS, separator)).replace(b"\0", b"0"))
    assert len(header) == len(COLUMNS)


def test_it_comes_in_pieces_as_it_is_read() -> None:
    given_out = 0

    def shapes() -> Any:
        nonlocal given_out
        for given_out in range(1, 10_001):  # noqa: B007  counted for the test
            yield shape("x" * 100)

    pieces = table(shapes(), COLUMNS, ".")
    first = next(pieces)
    assert len(first) < 64 * 1024
    assert given_out < 1000
    assert sum(map(len, pieces)) > 10**6


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_batches_join_without_a_seam(
    admin: Person,
    organization: Organization,
    order: str,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Any,
) -> None:
    monkeypatch.setattr(walking, "BATCH", 10)
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    for number in range(35):  # seven of each moment, and so on both sides of a seam
        write(organization, str(number), at=moment + timedelta(seconds=number // 7))
    numbers = [str(number) for number in range(35)][:: 1 if order == "asc" else -1]
    column = COLUMNS.index("object.id")
    for query, wanted in [("", numbers), ("&limit=25", numbers[:25]), ("&limit=99", numbers)]:
        found = export(admin, f"sort={order}{query}")
        assert [row[column] for row in found[1:]] == wanted
    # Who calls, where; four batches.
    with django_assert_num_queries(2 + 4):
        export(admin, f"sort={order}")


def test_head_streams_nothing(admin: Person, organization: Organization) -> None:
    write_many(organization, 1)
    answer = admin.call("HEAD", f"{LOGS}/export", content_type="")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert b"".join(answer) == b""
