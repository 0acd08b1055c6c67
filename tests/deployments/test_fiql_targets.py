"""Deployments for the devices that a condition in FIQL selects."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deployments import joining
from deployments.creating import create_deployment
from deployments.explaining import explain
from deployments.filter_words import terms_in_words
from deployments.models import Deployment, DeviceDeployment
from deployments.planning import Plan
from deployments.previewing import preview
from fleet.errors import Conflict, Invalid
from fleet.models import Contact, Organization, SavedFilter
from fleet.saved_filters import change_filter, save_query
from tests.deployments.dynamic import blue, call, make_dynamic, red
from tests.make import make_actor, make_artifact, make_organization, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Organization:
    return make_organization()


def keep(home: Organization, query: str, name: str = "kept") -> SavedFilter:
    return save_query(actor=make_actor(home), organization=home, name=name, query=query)


def test_who_matches_when_asking_is_let_in(home: Organization) -> None:
    deployment = make_dynamic(home, saved=keep(home, "attribute.color==red,name==x*"))
    assert call(red(home))
    assert not call(blue(home))
    assert call(blue(home, name="x-1"))
    assert terms_in_words(deployment.filter) == ["attribute.color==red,name==x*"]


def test_changing_the_filter_later_changes_nothing(home: Organization) -> None:
    inner = keep(home, "attribute.color==red", "inner")
    saved = keep(home, "filter==inner", "outer")
    deployment = make_dynamic(home, saved=saved)
    actor = make_actor(home)
    change_filter(actor=actor, saved=inner, query="attribute.color==blue")
    change_filter(actor=actor, saved=saved, query="name==nobody")
    assert call(red(home))
    assert not call(blue(home))
    assert deployment.filter is not None
    assert deployment.filter["query"] == "(attribute.color==red)"


def test_what_the_filter_asked_is_part_of_what_a_deployment_is(home: Organization) -> None:
    saved = keep(home, "attribute.color==red")
    release = make_artifact(make_release(home)).release.name
    make_dynamic(home, saved=saved, release_name=release, name="twice")
    with pytest.raises(Conflict):
        make_dynamic(home, saved=saved, release_name=release, name="twice")
    change_filter(actor=make_actor(home), saved=saved, query="attribute.color==blue")
    make_dynamic(home, saved=saved, release_name=release, name="twice")


def test_a_time_from_now_goes_on_with_time(
    home: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = red(home, seen_at=timezone.now() - timedelta(minutes=30))
    make_dynamic(home, saved=keep(home, "seen_at=lt=now-1h"))
    later = timezone.now() + timedelta(minutes=31)
    assert not call(device)
    Contact.objects.filter(device=device).update(seen_at=timezone.now() - timedelta(minutes=30))
    monkeypatch.setattr(joining.timezone, "now", lambda: later)
    assert call(device)


def test_what_can_no_longer_be_asked_takes_nobody_and_stops_nobody(home: Organization) -> None:
    broken = make_dynamic(home, saved=keep(home, "attribute.color==red"))
    Deployment.objects.filter(pk=broken.pk).update(
        filter={"id": "x", "name": "x", "terms": [], "query": "gone==1"}
    )
    last = make_dynamic(home)
    offer = call(red(home))
    assert offer
    assert offer.deployment_id == last.id


def test_it_is_explained_and_previewed(home: Organization) -> None:
    release = make_artifact(make_release(home)).release.name
    saved = keep(home, "attribute.color!=blue")
    match, other = red(home), blue(home)
    plan = Plan("a", release, Deployment.Target.FILTER, filter_id=saved.id)
    assert preview(organization=home, plan=plan).devices == 1
    deployment = make_dynamic(home, saved=saved, release_name=release)
    assert "matches" in [reason.code for reason in explain(match, deployment).reasons]
    assert "no_match" in [reason.code for reason in explain(other, deployment).reasons]


def test_a_filter_that_refers_to_nothing_any_more_makes_no_deployment(home: Organization) -> None:
    inner = keep(home, "name==a", "inner")
    saved = keep(home, "filter==inner", "outer")
    SavedFilter.objects.filter(pk=inner.pk).delete()
    with pytest.raises(Invalid) as refused:
        make_dynamic(home, saved=saved)
    assert refused.value.code == "invalid_filter"


def test_who_matches_now_is_listed_once_and_for_all(home: Organization) -> None:
    release = make_artifact(make_release(home)).release.name
    keep(home, "attribute.color==red")
    one, _other = red(home), blue(home)
    plan = Plan("a", release, Deployment.Target.DEVICES, q="filter==kept;status==accepted")
    deployment = create_deployment(actor=make_actor(home), organization=home, plan=plan)
    red(home)
    listed = DeviceDeployment.objects.filter(deployment=deployment)
    assert [row.device for row in listed] == [one]
