"""Small devices of which everything is known, asked in hawkBit's language in every way."""

import pytest
from django.utils import timezone

from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.rsql.language import clock_of
from api.hawkbit.rsql.parsing import parse
from fleet.errors import Invalid
from fleet.languages import devices_selected
from fleet.models import Device, Organization
from query.matching import matches
from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.rsql_devices import HERE, look_up_of, settle

SYNTAX, FIELD = "rest.param.rsqlParamSyntax", "rest.param.rsqlInvalidField"
ROWS = [
    ("name==alpha", "1"),
    ("name==ALPHA*", "1 5"),
    ("name!=alpha", "2 3 4 5 6 7 8"),
    ("name==null", "6"),
    ("description=is=null", "3 4"),
    ("description==''", "3 4"),
    ("description!=''", "1 2 5 6 7 8"),
    ("description!=sensor", "1 2 3 4 6 7"),
    ("description=out=(sensor)", "1 2 3 4 6 7"),
    ("description==gateway*", "1 2"),
    ("description!=gateway*", "3 4 5 6 7 8"),
    ("description==100%", "6"),
    ("description==x_*", "7"),
    ("name=in=(a*b,alpha)", "1 7"),
    ("updatestatus==pending", "2 8"),
    ("updatestatus!=PENDING", "1 3 4 5 6 7"),
    ("updatestatus=in=(pending,error)", "2 3 8"),
    ("updatestatus==in_sync", "1 7"),
    ("updatestatus==registered", "4"),
    ("updatestatus==unknown", "5 6"),
    ("attribute.hw==1.1", "1 3"),
    ("attribute.hw!=1.1", "2 6 7"),
    ("attribute.hw=out=(1.1,1.2)", "6 7"),
    ("attribute.hw=is=null", "4 5 8"),
    ("attribute.hw=not=null", "1 2 3 6 7"),
    ("attribute.hw==null", "6"),
    ("attribute.hw==1*", "1 2 3"),
    ("attribute.hw!=1*", "6 7"),
    ("attribute.OS==LINUX", "1 2 7"),
    ("attribute.a.b==1", "8"),
    ("attribute.a.*==1", ""),
    ("attribute..==x", ""),
    ("metadata.site==''", "3 4 5 6 8"),
    ("metadata.site!=''", "1 2 7"),
    ("metadata.site!=oslo", "2 4"),
    ("metadata.note=is=null", "1 2 3 4 6 7 8"),
    ("metadata.site==*", "1 2 4 7"),
    ("metadata.site!=*", ""),
    ("tag==beta", "1 5 7"),
    ("tag.name==BETA", "1 5 7"),
    ("tag!=beta", "2 3 4 6 8"),
    ("tag==''", "4 6"),
    ("tag!=*", "4 6"),
    ("tag==*", "1 2 3 5 7 8"),
    ("tag!=''", "1 2 3 5 7 8"),
    ("tag==eu;tag==beta", "1"),
    ("tag!=eu;tag==beta", "5 7"),
    ("tag!=eu,tag!=beta", "2 3 4 5 6 7 8"),
    ("tag=out=(eu,us)", "4 5 6 8"),
    ("tag=in=(null)", ""),
    ("tag=out=(null)", "1 2 3 4 5 6 7 8"),
    ("assignedds.name==fw", "1 2 8"),
    ("assignedds.name!=fw", "3 4 5 6 7"),
    ("assignedds.version=out=(1.0)", "2 3 4 5 6"),
    ("assignedds.name=is=null", "3 4 5 6"),
    ("installedds.name==fw;assignedds.version==2.0", "2"),
    ("installedds.name==FW", "1 2 3"),
    ("type==gw", "1 2 8"),
    ("targettype.key==gw", "1 2 8"),
    ("type.key!=gw", "3 4 5 6 7"),
    ("type=is=null", "3 4 6"),
    ("lastcontrollerrequestat=le=${OVERDUE_TS}", "3 7"),
    ("lastcontrollerrequestat=gt=${overdue_ts}", "1 2 4 8"),
    ("lastcontrollerrequestat=is=null", "5 6"),
    ("lastcontrollerrequestat==*", "1 2 3 4 7 8"),
    ("lastcontrollerrequestat=lt=${NOW_TS}", "1 2 3 4 7 8"),
    ("name==$${NOW_TS}", ""),
    ("name==alpha or name==beta and updatestatus==error", "1"),
    ("(name==alpha or name==beta) and updatestatus==pending", "2"),
    ("name==alpha,name==beta;updatestatus==error", "1"),
    ("NAME==alpha OR Name=IN=(beta)", "1 2"),
    ("id=in=(t1,zz)", "1"),
    ("id=in=T1", "1"),
    ("id=out=(t1,zz)", "2 3 4 5 6 7 8"),
    ("group=is=null", "4 5 6 8"),
    ("group==eu/*", "1 2"),
    ("name!=alpha;metadata.site!=rome", "4 7"),
    ("name==a\\*b", ""),
    ("name==a\\*b*", "7"),
    ("name=='a\\\\*b*'", "7"),
    ("name=gt=b;name<gz", "2 3 4 8"),
    ("autoconfirm==true", ""),
    ("autoconfirm!=TRUE", "1 2 3 4 5 6 7 8"),
]
REFUSED = [
    ("updatestatus==nope", FIELD),
    ("updatestatus==*", FIELD),
    ("attribute==1.1", FIELD),
    ("attribute.==1.1", FIELD),
    ("metadata==x", FIELD),
    ("assignedds==fw", FIELD),
    ("targettype==gw", FIELD),
    ("nosuch==1", FIELD),
    ("name.x==1", FIELD),
    ("filter==x", FIELD),
    ("name=", SYNTAX),
    ("name==", SYNTAX),
    ("name==a)", SYNTAX),
    ("", SYNTAX),
    (" ", SYNTAX),
    ("name==(a,b)", SYNTAX),
    ("name=regex=a", SYNTAX),
    ("attribute.hw=list=(a)", SYNTAX),
    ("!(name==a)", SYNTAX),
    ("name=like=a", SYNTAX),
    ("attribute.'a b'==x", SYNTAX),
    ("lastcontrollerrequestat=gt=now-1d", SYNTAX),
    ("lastcontrollerrequestat=gt=2026-05-04", SYNTAX),
    ("type.id==x", SYNTAX),
    ("type.id==1*", SYNTAX),
    ("autoconfirm==maybe", SYNTAX),
]


@pytest.fixture
def fleet(organization: Organization) -> Organization:
    settle(organization, HERE)
    return organization


def controller_ids(numbers: str) -> list[str]:
    return [f"t{number}" for number in numbers.split()]


def test_the_database_selects(fleet: Organization) -> None:
    wrong = {}
    for query, expected in ROWS:
        found = devices_selected(fleet, query).order_by("controller_id")
        ids = list(found.values_list("controller_id", flat=True))
        if ids != controller_ids(expected):
            wrong[query] = ids
    assert wrong == {}


def test_the_matcher_in_memory_agrees(fleet: Organization) -> None:
    known = {device.controller_id: look_up_of(device) for device in Device.objects.of(fleet)}
    wrong = {}
    for query, expected in ROWS:
        condition = parse(query, TARGETS, clock_of(fleet, timezone.now()))
        ids = sorted(each for each, look_up in known.items() if matches(condition, look_up))
        if ids != controller_ids(expected):
            wrong[query] = ids
    assert wrong == {}


def test_the_list_of_targets_is_narrowed(hawkbit: Hawkbit, fleet: Organization) -> None:
    wrong = {}
    for query, expected in ROWS:
        answer = hawkbit.get("/targets", q=query).json()
        ids = [each["controllerId"] for each in answer["content"]]
        if ids != controller_ids(expected) or answer["total"] != len(ids):
            wrong[query] = answer
    assert wrong == {}


def test_what_cannot_be_read_is_refused_by_its_key(hawkbit: Hawkbit, fleet: Organization) -> None:
    wrong = {}
    for query, key in REFUSED:
        response = hawkbit.get("/targets", q=query)
        told = response.json().get("errorCode")
        if (response.status_code, told) != (400, f"hawkbit.server.error.{key}"):
            wrong[query] = response.content
    assert wrong == {}


def test_an_unknown_word_is_answered_with_those_that_there_are(hawkbit: Hawkbit) -> None:
    answer = hawkbit.get("/targets", q="updateStatus==nope").json()
    assert answer["message"] == (
        "Value of updatestatus must be one of the following:"
        " [unknown, in_sync, pending, error, registered]"
    )
    assert answer["exceptionClass"].endswith("RSQLParameterUnsupportedFieldException")


def test_a_text_that_is_kept_is_not_longer_than_hawkbit_takes(fleet: Organization) -> None:
    with pytest.raises(Invalid, match="1024"):
        devices_selected(fleet, f"name=={'x' * 1024}")
