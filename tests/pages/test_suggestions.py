"""What the filter of the devices page suggests while somebody types."""

import pytest

from fleet.models import CustomRole, Membership, SavedFilter
from tests.make import make_device, make_organization
from tests.pages.reading import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def fleet(home):
    make_device(home, device_type="board", inventory={"kernel": "6.6", "a b": 1}, group="lab")
    make_device(home, device_type="screen", tags={"region": "eu"}, group="shop")
    theirs = make_organization()
    make_device(theirs, device_type="their-board", inventory={"kernel": "theirs"})
    SavedFilter.objects.create(organization=theirs, name="Their filter")
    SavedFilter.objects.create(organization=home, name="Old kernels; all")


def suggested(client, q, at=None):
    asked = {"q": q} if at is None else {"q": q, "at": at}
    answer = client.get("/devices/complete/", asked)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    return [q[: i["start"]] + i["text"] + q[i["end"] :] for i in answer.json()["items"]]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("sta", ["status"]),
        ("attribute.k", ["attribute.kernel"]),
        ("name==a;attribute.a", ["name==a;attribute.'a b'"]),
        ("attribute.kernel==", ["attribute.kernel==6.6"]),
        ("tag.region==", ["tag.region==eu"]),
        ("device_type==", ["device_type==board", "device_type==screen"]),
        ("device_type==s", ["device_type==screen"]),
        ("status==ac", ["status==accepted"]),
        ("filter==", ["filter=='Old kernels; all'"]),
        ("software", ["software==", "software!="]),
        ("status==accepted", ["status==accepted;", "status==accepted,"]),
        ("gw-1", []),
    ],
)
def test_what_fits_at_the_end(client, fleet, q, first):
    assert suggested(client, q)[: max(len(first), 1)] == first


def test_what_fits_in_the_middle(client, fleet):
    assert suggested(client, "stat==pending;name==a", 4)[0] == "status==pending;name==a"


def test_everything_can_be_asked_for_from_the_beginning(client, fleet):
    assert {"name", "seen_at", "attribute.", "tag.", "filter"} <= set(suggested(client, ""))


@pytest.mark.parametrize("at", ["", "x", "-1", "99999999999", "²", "3"])
def test_any_place_in_any_text_is_answered(client, fleet, at):
    for q in ("", "'''", "(((", "attribute.'", "name=in=(a,", "\x00", "a" * 9_000, "==;;,,"):
        suggested(client, q, at)


def test_who_is_bound_to_groups_sees_the_values_of_these(client, visit, home, fleet):
    viewer = visit("viewer")
    scope = {"type": "DeviceGroups", "value": ["lab"]}
    sets = [{"name": "ReadDevices", "scope": scope}]
    role = CustomRole.objects.create(organization=home, name="Lab", permission_sets=sets)
    membership = Membership.objects.get(role="viewer")
    membership.role = ""
    membership.save()
    membership.custom_roles.add(role)
    assert suggested(viewer, "device_type==") == ["device_type==board"]


def test_it_takes_few_queries(client, fleet):
    assert queries(client, "/devices/complete/?q=attribute.kernel==") <= 8
