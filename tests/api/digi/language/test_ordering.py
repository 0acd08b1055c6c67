"""`orderby`: each field of jobs and devices, downwards unless it says otherwise."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from api.digi.language import QueryError, order_keys
from api.digi.language.fields import FIELDS
from deployments.models import Deployment
from fleet.models import Organization
from query.cursors import cursor_of, place_of
from query.paging import page_of
from tests.api.digi.language.jobs import make_devices, make_jobs
from tests.make import make_organization


@pytest.fixture
def home(db: None) -> Organization:
    home = make_organization()
    deployments = make_jobs(home, make_devices(home))
    now = timezone.now()
    for number, deployment in deployments.items():
        created_at = now - timedelta(minutes=number)
        Deployment.objects.filter(pk=deployment.pk).update(created_at=created_at)
    return home


def numbers(home: Organization, orderby: str) -> list[int]:
    """Page by page of one, each found by the one before."""
    ordering = order_keys(home, orderby)
    jobs, found, place = Deployment.objects.of(home), list[int](), None
    while True:
        page = page_of(jobs, ordering, [F("number")], limit=1, place=place)
        found += [row[0] for row in page.rows]
        if page.next is None:
            return found
        place = place_of(cursor_of(page.next, orderby), orderby)


@pytest.mark.parametrize(
    ("orderby", "expected"),
    [
        ("", "16 15 14 13 12 11"),
        ("id", "16 15 14 13 12 11"),
        ("ID ASC", "11 12 13 14 15 16"),
        ("submit_time", "11 12 13 14 15 16"),
        ("username asc", "15 11 12 16 13 14"),
        ("username", "14 13 16 12 11 15"),
        ("username asc, id desc", "15 16 12 11 14 13"),
        ("job_description", "16 15 14 13 12 11"),
        ("status asc,target_count asc", "14 16 11 12 15 13"),
        ("id asc,username", "11 12 13 14 15 16"),
        # By the least of the targets upwards, by the most downwards; those without any come last.
        ("name asc", "12 13 15 11 14 16"),
        ("name", "14 11 15 13 12 16"),
        ("signal_percent asc", "13 11 15 14 12 16"),
        ("signal_percent", "11 12 14 15 13 16"),
        ("firmware_version asc", "11 14 15 12 13 16"),
        ("firmware_version desc", "15 13 12 11 14 16"),
        ("health_status asc,id asc", "11 15 13 12 14 16"),
    ],
)
def test_jobs_come_in_that_order(home: Organization, orderby: str, expected: str) -> None:
    assert numbers(home, orderby) == [int(number) for number in expected.split()]


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"group", "tags"}))
def test_each_field_orders_every_job_once(home: Organization, name: str) -> None:
    for way in ("asc", "desc"):
        assert sorted(numbers(home, f"{name} {way}")) == [11, 12, 13, 14, 15, 16]


@pytest.mark.parametrize(
    ("orderby", "message"),
    [
        ("group", "1: found group, expected a field that has one value"),
        ("id, tags asc", "5: found tags, expected a field that has one value"),
        ("colour", "1: found colour, expected a field of jobs or devices"),
        ("id up", "4: found up, expected “asc”, “desc” or “,”"),
        ("id asc desc", "8: found desc, expected “,” or the end"),
        ("id,", "4: found the end, expected a field"),
        (",id", "1: found ,, expected a field"),
        ("id,name,ID", "9: found ID, expected each field once, 5 at most"),
        ("a'b", "1: found a'b, expected a field of jobs or devices"),
    ],
)
def test_what_is_no_order_is_refused(home: Organization, orderby: str, message: str) -> None:
    with pytest.raises(QueryError) as raised:
        order_keys(home, orderby)
    assert str(raised.value) == f"orderby: position {message}"
