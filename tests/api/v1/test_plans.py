"""What lists promise to find by an index PostgreSQL finds so, on the first page and far behind."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from api.v1.asking import Asked, read_asked
from api.v1.authentication import Caller
from api.v1.exports.resources import readable, resources
from fleet.models import Membership
from fleet.people import actor_of
from query.cursors import Place
from query.listing import Column
from query.paging import page_of
from query.planning import planned_for_its_values
from tests.api.v1.crowd import ROWS, fill
from tests.make import make_organization, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="the plans are those of PostgreSQL"
    ),
]
# What no organization has many of, and what is grouped on the fly.
SHORT = {"organizations", "members", "tokens", "groups", "exports", "webhooks"}
LISTS = {name: view.listing for name, view in resources().items() if name not in SHORT}


@pytest.fixture(scope="module")
def person(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Caller]:
    """Somebody in an organization with many of everything, for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        organization = make_organization()
        user = make_user(organization=organization)
        fill(organization)
        membership = Membership.objects.select_related("user", "organization").get(user=user)
        yield Caller(actor_of(membership), organization, credential="")
        transaction.set_rollback(True)


def asked_of(name: str, person: Caller, **parameters: str) -> Asked:
    query = QueryDict(mutable=True)
    query.update(parameters)
    view = readable(name, person)
    return read_asked(query, view.listing, view.rows(), person.organization)


def scans(asked: Asked, place: Any = None) -> list[str]:
    """How the table of the list is read for a page, where that is not by an index."""
    table = asked.rows.model._meta.db_table
    read = [each.expression for each in asked.shown]
    with CaptureQueriesContext(connection) as captured, planned_for_its_values():
        page_of(asked.rows, asked.ordering, read, limit=50, place=place)
    found: list[str] = []
    with connection.cursor() as cursor, planned_for_its_values():
        for query in captured:
            if '"column_0"' in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = "\n".join(line for (line,) in cursor)
                found += [plan for scan in re.findall(r"Seq Scan on (\w+)", plan) if scan == table]
    return found


def value_of(asked: Asked, column: Column) -> str:
    """Some value that the column has, as FIQL spells it."""
    rows = asked.rows.annotate(told=column.expression).exclude(told=None)
    value = rows.order_by("pk").values_list("told", flat=True)[ROWS // 2]
    return f'"{value.isoformat() if isinstance(value, datetime) else value}"'


def _is_asked(kind: str, column: Column) -> bool:
    """What may be missing is missing here in every row: there is no value to look for."""
    return not column.is_nullable if kind == "filter" else column.sort_by is not None


def cases(kind: str) -> list[Any]:
    """Each promise of each list: a column that is filtered, or sorted by, by index."""
    return [
        pytest.param(name, column, id=f"{name} {column.name}")
        for name, listing in LISTS.items()
        for column in listing.columns
        if column.is_indexed and _is_asked(kind, column)
    ]


@pytest.mark.parametrize(("name", "column"), cases("filter"))
def test_equality_is_by_index(name: str, column: Column, person: Caller) -> None:
    value = value_of(asked_of(name, person), column)
    assert not scans(asked_of(name, person, q=f"{column.name}=={value}"))


@pytest.mark.parametrize(("name", "column"), cases("order"))
def test_order_is_by_index_both_ways(name: str, column: Column, person: Caller) -> None:
    for sort in (column.name, f"-{column.name}"):
        assert not scans(asked_of(name, person, sort=sort))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_begins_by_index_and_goes_on_so(name: str, person: Caller) -> None:
    asked = asked_of(name, person)
    assert not scans(asked)
    keys = {f"key_{index}": order.key for index, order in enumerate(asked.ordering)}
    rows = asked.rows.order_by(*(order.spelt() for order in asked.ordering)).annotate(**keys)
    place = Place(tuple(rows.values_list(*keys)[ROWS * 9 // 10]))
    assert not scans(asked, place)


def test_the_beginning_of_a_name_is_by_index(person: Caller) -> None:
    for name in ("devices", "releases", "deployments"):
        assert not scans(asked_of(name, person, q="name==name-77*", sort="name"))
