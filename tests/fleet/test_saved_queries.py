"""Conditions in FIQL with a name: kept, changed, and referred to by others."""

import pytest

from auditlog.models import AuditEntry
from fleet.conditions import devices_matching, devices_of, kept_of, matching_kept
from fleet.errors import Conflict, Forbidden, Invalid
from fleet.models import Device, Organization, Role, SavedFilter
from fleet.saved_filters import change_filter, delete_filter, save_filter, save_query
from tests.make import make_actor, make_device, make_filter, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Organization:
    home = make_organization()
    make_device(home, name="one", inventory={"color": "red", "size": 5})
    make_device(home, name="two", inventory={"color": "blue"}, tags={"eu": 1})
    return home


def keep(home: Organization, name: str, query: str) -> SavedFilter:
    return save_query(actor=make_actor(home), organization=home, name=name, query=query)


def chosen(home: Organization, q: str) -> list[str]:
    rows = devices_matching(Device.objects.of(home), home, q)
    return list(rows.order_by("number").values_list("name", flat=True))


def test_a_query_is_kept_and_asked(home: Organization) -> None:
    saved = keep(home, "red ones", "attribute.color==red")
    assert [device.name for device in devices_of(home, saved)] == ["one"]
    assert chosen(home, "filter=='red ones'") == ["one"]
    assert chosen(home, "filter!='red ones'") == ["two"]
    assert chosen(home, "name==two;filter=out=('red ones')") == ["two"]
    entry = AuditEntry.objects.get(object_id=str(saved.id))
    assert entry.change == {"query": "attribute.color==red"}


def test_filters_refer_to_one_another(home: Organization) -> None:
    keep(home, "red", "attribute.color==red")
    keep(home, "tagged", "tag==*")
    saved = keep(home, "either", "filter=in=(red,tagged);name!=two")
    assert [device.name for device in devices_of(home, saved)] == ["one"]
    assert chosen(home, "filter=in=(either,tagged)") == ["one", "two"]


def test_filters_of_terms_can_be_referred_to(home: Organization) -> None:
    terms = [
        {"scope": "inventory", "attribute": "size", "type": "$eq", "value": 5},
        {"scope": "inventory", "attribute": "color", "type": "$regex", "value": "^r"},
        {"scope": "identity", "attribute": "status", "type": "$in", "value": ["accepted", "x"]},
        {"scope": "system", "attribute": "check_in_time", "type": "$ltne", "value": "2999-01-01"},
    ]
    save_filter(actor=make_actor(home), organization=home, name="terms", terms=terms)
    save_filter(actor=make_actor(home), organization=home, name="all", terms=[])
    assert chosen(home, "filter==terms") == ["one"]
    assert chosen(home, "filter==all;filter!=terms") == ["two"]


def test_a_copy_does_not_change_with_what_it_was_made_of(home: Organization) -> None:
    inner = keep(home, "inner", "attribute.color==red,name==three")
    kept = kept_of(keep(home, "outer", "name!=two; filter==inner ;created_at=gt=-1h"))
    assert kept["query"] == "name!=two; (attribute.color==red,name==three) ;created_at=gt=-1h"
    change_filter(actor=make_actor(home), saved=inner, query="name==nobody")
    assert [device.name for device in matching_kept(home, kept)] == ["one"]


@pytest.mark.parametrize(
    ("query", "position"),
    [("name=", 4), ("nmae==a", 0), ("", 0), ("filter==nobody", 8), ("filter==mine", 8)],
)
def test_what_cannot_be_asked_is_not_kept(home: Organization, query: str, position: int) -> None:
    with pytest.raises(Invalid) as refused:
        keep(home, "mine", query)
    assert (refused.value.code, refused.value.field) == ("invalid_filter", "query")
    assert refused.value.details["position"] == position
    assert not SavedFilter.objects.exists()


def test_names_are_unique_and_plain(home: Organization) -> None:
    keep(home, "a", "name==a")
    with pytest.raises(Conflict, match="exists already"):
        keep(home, "a", "name==b")
    other = keep(home, "b", "name==b")
    with pytest.raises(Conflict) as refused:
        change_filter(actor=make_actor(home), saved=other, name="a")
    assert refused.value.code == "filter_exists"
    with pytest.raises(Invalid):
        keep(home, "\0", "name==a")


def test_nothing_refers_to_itself_in_however_many_steps(home: Organization) -> None:
    first = keep(home, "first", "name==one")
    keep(home, "second", "filter==first")
    with pytest.raises(Invalid, match=r"refers to itself: first → second → first"):
        change_filter(actor=make_actor(home), saved=first, query="name==a,filter==second")
    assert chosen(home, "filter==second") == ["one"]


def test_there_is_an_end_to_referring(home: Organization) -> None:
    keep(home, "0", "name==one")
    for step in range(4):
        keep(home, str(step + 1), f"filter=={step}")
    with pytest.raises(Invalid, match="More than 5 filters"):
        keep(home, "5", "filter==4")
    keep(home, "many", ",".join(["name==a"] * 60))
    with pytest.raises(Invalid, match="100 questions"):
        keep(home, "twice", "filter==many,filter==many")


def test_what_others_refer_to_stays(home: Organization) -> None:
    inner = keep(home, "inner", "name==one")
    outer = keep(home, "outer", "filter==inner")
    actor = make_actor(home)
    for change in [
        lambda: delete_filter(actor=actor, saved=inner),
        lambda: change_filter(actor=actor, saved=inner, name="other"),
        lambda: change_filter(actor=actor, saved=inner, query=",".join(["name==a"] * 101)),
    ]:
        with pytest.raises((Conflict, Invalid)):
            change()
    change_filter(actor=actor, saved=outer, name="renamed")
    assert delete_filter(actor=actor, saved=outer)
    assert delete_filter(actor=actor, saved=inner)


def test_a_change_that_others_could_not_be_asked_with_is_refused(home: Organization) -> None:
    inner = keep(home, "inner", "name==one")
    keep(home, "outer", ",".join(["filter==inner"] * 10))
    with pytest.raises(Conflict, match="“outer” refers to this one"):
        change_filter(actor=make_actor(home), saved=inner, query=",".join(["name==a"] * 11))
    assert SavedFilter.objects.get(name="inner").query == "name==one"


def test_another_organization_has_names_of_its_own(home: Organization) -> None:
    keep(home, "mine", "name==one")
    with pytest.raises(Invalid, match="There is no saved filter"):
        chosen(make_organization(), "filter==mine")


def test_whoever_only_looks_changes_nothing(home: Organization) -> None:
    viewer, saved = make_actor(home, Role.VIEWER), make_filter(home)
    with pytest.raises(Forbidden):
        save_query(actor=viewer, organization=home, name="a", query="name==a")
    with pytest.raises(Forbidden):
        change_filter(actor=viewer, saved=saved, name="a")


def test_a_query_takes_the_place_of_terms(home: Organization) -> None:
    saved = make_filter(home)
    changed = change_filter(actor=make_actor(home), saved=saved, query="name==a*")
    assert (changed.query, changed.terms) == ("name==a*", [])
