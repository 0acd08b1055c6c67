"""The worked examples: the same jobs from the database, in memory and over the wire."""

import pytest

from api.digi.language import QueryError, jobs_matching
from api.digi.language.fields import FIELDS
from api.digi.language.matching import holds
from api.digi.language.meaning import parse
from api.digi.language.words import Kind
from fleet.models import Organization
from tests.api.digi.callers import digi_caller, refused
from tests.api.digi.language.jobs import DEVICES, JOBS, ROWS, WRONG, make_devices, make_jobs
from tests.make import make_organization


@pytest.fixture
def home(db: None) -> Organization:
    home = make_organization()
    make_jobs(home, make_devices(home))
    return home


def test_the_database_selects_them(home: Organization) -> None:
    for query, expected in ROWS:
        found = jobs_matching(home, query).order_by("number").values_list("number", flat=True)
        assert list(found) == [int(number) for number in expected.split()], query


@pytest.mark.parametrize(("query", "expected"), ROWS)
def test_they_match_in_memory(query: str, expected: str) -> None:
    condition = parse(query)
    found = [
        number
        for number, job in JOBS.items()
        if holds(condition, job.facts(number), [DEVICES[key] for key in job.targets])
    ]
    assert found == [int(number) for number in expected.split()]


@pytest.mark.parametrize("query", WRONG)
def test_what_is_wrong_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match=r"^query: position \d+: found .+, expected .+"):
        parse(query)


def test_nothing_asked_is_every_job(home: Organization) -> None:
    assert jobs_matching(home, " ").count() == len(JOBS)


def test_jobs_of_others_are_never_selected(home: Organization) -> None:
    stranger = make_organization()
    for query in ("", "id > 0", "name <> 'x'", "id = 11 or tags = 'sensor'"):
        assert not jobs_matching(stranger, query).exists()


@pytest.mark.parametrize(("query", "expected"), ROWS)
def test_the_wire_lists_them_newest_first(home: Organization, query: str, expected: str) -> None:
    listed = digi_caller(home).listed(query=query)
    assert listed == sorted(map(int, expected.split()), reverse=True)


@pytest.mark.parametrize("query", WRONG)
def test_the_wire_refuses_what_is_wrong(home: Organization, query: str) -> None:
    message = refused(digi_caller(home).get("/inventory", query=query), 400)
    assert message.startswith("query: position ")


def test_the_longest_query_is_answered(home: Organization) -> None:
    names = sorted(name for name, field in FIELDS.items() if field.kind != Kind.TIMESTAMP)
    terms = [f"{names[place % len(names)]}{_other(place, names)}" for place in range(200)]
    for query in (" and ".join(terms), " or ".join(terms)):
        assert len(query) < 8192
        assert digi_caller(home).get("/inventory", query=query).status_code == 200


def _other(place: int, names: list[str]) -> str:
    field = FIELDS[names[place % len(names)]]
    return f"<>'{field.words[0]}'" if field.words else f"<>{place}"
