"""Small devices of which everything is known, asked about in every way."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fleet.conditions import devices_matching
from fleet.models import Device, Organization
from tests.make import make_device, make_organization
from tests.query.fiql.devices import tell

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
HERE: dict[str, dict[str, Any]] = {
    "t1": {
        "name": "alpha",
        "group": "eu/no",
        "status": "accepted",
        "inventory": {"hw": "1.1", "os": "linux", "site": "oslo"},
        "tags": {"eu": "x", "beta": "x"},
        "minutes": 1,
    },
    "t2": {
        "name": "beta",
        "group": "eu/it",
        "status": "pending",
        "inventory": {"hw": "1.2", "os": "linux", "site": "rome"},
        "tags": {"eu": "x"},
        "minutes": 2,
    },
    "t3": {
        "name": "gamma",
        "group": "us",
        "status": "rejected",
        "inventory": {"hw": "1.1"},
        "tags": {"us": "x"},
        "minutes": 60,
    },
    "t4": {"name": "delta", "status": "preauthorized", "inventory": {"site": ""}, "minutes": 9},
    "t5": {
        "name": "Alpha2",
        "status": "noauth",
        "inventory": {"os": "rtos", "note": "null"},
        "tags": {"beta": "x"},
    },
    "t6": {"name": "null", "status": "noauth", "inventory": {"hw": "null"}},
    "t7": {
        "name": "a*b",
        "group": "us",
        "status": "accepted",
        "inventory": {"hw": "2.0", "os": "Linux", "site": "OSLO"},
        "tags": {"us": "x", "beta": "x"},
        "minutes": 11,
    },
    "t8": {
        "name": "x_%",
        "status": "pending",
        "inventory": {"a.b": 1},
        "tags": {"gold": "x"},
        "minutes": 3,
    },
}
ROWS = [
    ("name==alpha", "1"),
    ("name==alpha*", "1"),
    ("name==*lpha*", "1 5"),
    ("name!=alpha", "2 3 4 5 6 7 8"),
    ("name==null", "6"),
    ("name=is=null", ""),
    ("name=is='null'", "6"),
    ("name==x_*", "8"),
    ("name==*%", "8"),
    ("name==?lpha", ""),
    ("name==a\\*b", "7"),
    ("name=='a\\\\*b'", "7"),
    ("name=in=(a*b,alpha)", "1 7"),
    ("name=out=(a*b,alpha)", "2 3 4 5 6 8"),
    ("name=gt=alpha", "2 3 4 6 8"),
    ("name<b", "1 5 7"),
    ("name=regex='^.l'", "1 5"),
    ("group=is=null", "4 5 6 8"),
    ("group==''", "4 5 6 8"),
    ("group!=*", "4 5 6 8"),
    ("group=not=null", "1 2 3 7"),
    ("group!=''", "1 2 3 7"),
    ("group==*", "1 2 3 7"),
    ("group==eu/*", "1 2"),
    ("group!=eu/*", "3 4 5 6 7 8"),
    ("group!=us", "1 2 4 5 6 8"),
    ("group=out=(us)", "1 2 4 5 6 8"),
    ("group=in=(us,'')", "3 4 5 6 7 8"),
    ("status==pending", "2 8"),
    ("status!=pending", "1 3 4 5 6 7"),
    ("status=in=(pending,rejected)", "2 3 8"),
    ("status=is=null", ""),
    ("attribute.hw==1.1", "1 3"),
    ("attribute.hw!=1.1", "2 6 7"),
    ("!(attribute.hw==1.1)", "2 4 5 6 7 8"),
    ("attribute.hw=out=(1.1,1.2)", "6 7"),
    ("attribute.hw=is=null", "4 5 8"),
    ("attribute.hw=not=null", "1 2 3 6 7"),
    ("attribute.hw==null", "6"),
    ("attribute.hw==1*", "1 2 3"),
    ("attribute.hw!=1*", "6 7"),
    ("attribute.hw==*", "1 2 3 6 7"),
    ("attribute.hw!=*", ""),
    ("attribute.hw=ge=1.2", "2 6 7"),
    ("attribute.os==linux", "1 2"),
    ("attribute.a.b==1", "8"),
    ("attribute.a.b=='1'", ""),
    ("attribute.a.b==number:1", "8"),
    ("attribute.a.*==1", ""),
    ("attribute..==1", ""),
    ("attribute.site==''", "3 4 5 6 8"),
    ("attribute.site!=''", "1 2 7"),
    ("attribute.site!=oslo", "2 4 7"),
    ("attribute.note=is=null", "1 2 3 4 6 7 8"),
    ("tag==beta", "1 5 7"),
    ("tag!=beta", "2 3 4 6 8"),
    ("tag==''", "4 6"),
    ("tag!=*", "4 6"),
    ("tag=is=null", "4 6"),
    ("tag==*", "1 2 3 5 7 8"),
    ("tag!=''", "1 2 3 5 7 8"),
    ("tag=not=null", "1 2 3 5 7 8"),
    ("tag==eu;tag==beta", "1"),
    ("tag!=eu;tag==beta", "5 7"),
    ("tag!=eu,tag!=beta", "2 3 4 5 6 7 8"),
    ("tag=out=(eu,us)", "4 5 6 8"),
    ("tag=in=(null)", ""),
    ("tag=out=(null)", "1 2 3 4 5 6 7 8"),
    ("tag==g*", "8"),
    ("tag.eu==x", "1 2"),
    ("seen_at=le=now-10m", "3 7"),
    ("seen_at=gt=-10m", "1 2 4 8"),
    ("seen_at=is=null", "5 6"),
    ("seen_at!=*", "5 6"),
    ("seen_at==2026-05-04", "1 2 3 4 7 8"),
    ("seen_at!=2026-05-04", "5 6"),
    ("seen_at==1777895940000", "1"),
    ("name==alpha or name==beta and status==rejected", "1"),
    ("(name==alpha or name==beta) and status==pending", "2"),
    ("name==alpha,name==beta;status==rejected", "1"),
    ("name!=alpha;attribute.site!=rome", "4 7"),
    ("NAME == 'alpha' OR Group =IN= ( us , x )", "1 3 7"),
]


@pytest.fixture
def home() -> Organization:
    home = make_organization()
    for known in HERE.values():
        minutes = known.get("minutes")
        seen_at = None if minutes is None else NOW - timedelta(minutes=minutes)
        facts = {name: known[name] for name in ("name", "group", "status") if name in known}
        device = make_device(home, seen_at=seen_at, **facts)
        tell(device, inventory=known.get("inventory"), tags=known.get("tags"))
    return home


@pytest.mark.django_db
def test_each_question_selects_what_it_should(home: Organization) -> None:
    numbers = {known["name"]: place[1:] for place, known in HERE.items()}
    devices = Device.objects.of(home).order_by("number")
    for query, expected in ROWS:
        found = devices_matching(devices, home, query, now=NOW).values_list("name", flat=True)
        assert [numbers[name] for name in found] == expected.split(), query
