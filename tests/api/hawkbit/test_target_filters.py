"""Target filters: conditions under a name, in hawkBit's language and in ours."""

from typing import Any

import pytest

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment, Phase
from fleet.models import Device, Language, Organization, Role, SavedFilter
from fleet.policies import set_policies
from fleet.saved_filters import save_query
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.make import make_filter, make_organization

ERROR = "hawkbit.server.error."


def saved(hawkbit: Hawkbit, query: str = "name==edge*", name: str = "edges") -> dict[str, Any]:
    response = hawkbit.post("/targetfilters", {"name": name, "query": query})
    assert response.status_code == 201, response.content
    return dict(response.json())


def test_a_filter_is_kept_as_it_was_written(hawkbit: Hawkbit) -> None:
    made = saved(hawkbit, "Name==Edge* and attribute.HW!=1.1")
    at = f"http://testserver/rest/v1/targetfilters/{made['id']}"
    assert made == {
        "id": made["id"],
        "name": "edges",
        "query": "Name==Edge* and attribute.HW!=1.1",
        "createdBy": hawkbit.email,
        "createdAt": made["createdAt"],
        "lastModifiedBy": hawkbit.email,
        "lastModifiedAt": made["createdAt"],
        "_links": {"self": {"href": at}, "autoAssignDS": {"href": f"{at}/autoAssignDS"}},
    }
    assert hawkbit.get(f"/targetfilters/{made['id']}").json() == made
    listed = hawkbit.get("/targetfilters").json()
    assert listed == {"content": [made], "total": 1, "size": 1}
    assert SavedFilter.objects.get().language == Language.HAWKBIT


def test_filters_are_found_and_sorted(hawkbit: Hawkbit) -> None:
    saved(hawkbit, name="b")
    saved(hawkbit, name="a")

    def names(**query: str) -> list[str]:
        return [each["name"] for each in hawkbit.get("/targetfilters", **query).json()["content"]]

    assert names() == ["b", "a"]
    assert names(sort="name:asc") == ["a", "b"]
    assert names(q="name==A") == ["a"]
    assert names(q="autoassigndistributionset.name==fw") == []


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"name": "x", "query": "nosuch==1"}, "rest.param.rsqlInvalidField"),
        ({"name": "x", "query": "name=="}, "rest.param.rsqlParamSyntax"),
        ({"name": "x", "query": ""}, "rest.param.rsqlParamSyntax"),
        ({"name": "x", "query": "filter==y"}, "rest.param.rsqlInvalidField"),
        ({"name": "x", "query": f"name=={'y' * 1020}"}, "repo.constraintViolation"),
        ({"name": "x"}, "repo.constraintViolation"),
        ({"query": "name==x"}, "repo.constraintViolation"),
        ([{"name": "x", "query": "name==x"}], "rest.body.notReadable"),
    ],
)
def test_what_cannot_be_kept_is_refused(hawkbit: Hawkbit, body: Any, key: str) -> None:
    response = hawkbit.post("/targetfilters", body)
    assert (response.status_code, response.json()["errorCode"]) == (400, ERROR + key)
    assert not SavedFilter.objects.exists()


def test_a_name_is_given_once(hawkbit: Hawkbit) -> None:
    saved(hawkbit)
    response = hawkbit.post("/targetfilters", {"name": "edges", "query": "name==x"})
    assert response.status_code == 409
    assert response.json()["errorCode"] == ERROR + "repo.entityAlreadyExists"


def test_a_filter_is_changed_in_part(hawkbit: Hawkbit) -> None:
    at = f"/targetfilters/{saved(hawkbit)['id']}"
    changed = hawkbit.put(at, {"name": "others"}).json()
    assert (changed["name"], changed["query"]) == ("others", "name==edge*")
    changed = hawkbit.put(at, {"query": "name==x"}).json()
    assert (changed["name"], changed["query"]) == ("others", "name==x")
    assert changed["lastModifiedAt"] >= changed["createdAt"]
    assert hawkbit.put(at, {"query": "name="}).status_code == 400


def test_a_filter_that_is_gone_is_not_found(hawkbit: Hawkbit) -> None:
    at = f"/targetfilters/{saved(hawkbit)['id']}"
    assert hawkbit.delete(at).status_code == 204
    assert hawkbit.delete(at).status_code == 404
    assert hawkbit.get(at).json()["errorCode"] == ERROR + "repo.entityNotFound"
    assert hawkbit.get("/targetfilters/x").status_code == 400


def test_filters_in_other_languages_are_told_as_they_are(
    hawkbit: Hawkbit, organization: Organization
) -> None:
    fiql = save_query(
        actor=hawkbit.actor, organization=organization, name="ours", query="name==a;seen_at!=*"
    )
    make_filter(organization, name="Mender's")
    told = {each["name"]: each for each in hawkbit.get("/targetfilters").json()["content"]}
    assert told["ours"]["query"] == "name==a;seen_at!=*"
    assert "attribute." in told["Mender's"]["query"]
    hawkbit.put(f"/targetfilters/{fiql.pk}", {"name": "mine", "query": "name==a;seen_at!=*"})
    assert SavedFilter.objects.get(pk=fiql.pk).language == Language.FIQL
    hawkbit.put(f"/targetfilters/{fiql.pk}", {"query": "name==a"})
    assert SavedFilter.objects.get(pk=fiql.pk).language == Language.HAWKBIT


def test_another_organizations_filter_is_nobodys(hawkbit: Hawkbit) -> None:
    theirs = make_filter(make_organization())
    at = f"/targetfilters/{theirs.pk}"
    answers = [hawkbit.get(at), hawkbit.put(at, {"name": "x"}), hawkbit.delete(at)]
    assert {answer.status_code for answer in answers} == {404}
    assert hawkbit.get(f"{at}/autoAssignDS").status_code == 404


def test_who_may_only_look_changes_nothing(organization: Organization) -> None:
    viewer = hawkbit_caller(Role.VIEWER, organization)
    at = f"/targetfilters/{make_filter(organization).pk}"
    assert viewer.get(at).status_code == 200
    assert viewer.put(at, {"name": "x"}).status_code == 403
    assert viewer.post("/targetfilters", {"name": "x", "query": "name==x"}).status_code == 403
    assert viewer.delete(at).status_code == 403
    assert viewer.post(f"{at}/autoAssignDS", {"id": 1}).status_code == 403


def test_a_filter_assigns_a_set_by_itself(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    release, device = distribution_set(), target("edge-1")
    at = f"/targetfilters/{saved(hawkbit)['id']}"
    assert hawkbit.get(f"{at}/autoAssignDS").status_code == 204
    response = hawkbit.post(f"{at}/autoAssignDS", {"id": release.pk, "type": "SOFT"})
    told = response.json()
    assert response.status_code == 200
    assert told["autoAssignDistributionSet"] == release.pk
    assert (told["autoAssignActionType"], told["autoAssignWeight"]) == ("soft", 1000)
    assert hawkbit.get(at).json() == told
    assert hawkbit.get(f"{at}/autoAssignDS").json()["name"] == "fw"
    deployment = Deployment.objects.get()
    assert (deployment.origin, deployment.target) == ("auto_assignment", "filter")
    assert deployment.force_installation
    assert deployment.filter["language"] == "hawkbit"
    asked = hawkbit.get("/targetfilters", q="autoassigndistributionset.version==1.0").json()
    assert asked["total"] == 1
    assert device.number


def test_it_ends_when_people_end_it(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    at = f"/targetfilters/{saved(hawkbit)['id']}"
    hawkbit.post(f"{at}/autoAssignDS", {"id": distribution_set().pk})
    assert hawkbit.delete(f"{at}/autoAssignDS").status_code == 204
    assert hawkbit.delete(f"{at}/autoAssignDS").status_code == 204
    assert hawkbit.get(f"{at}/autoAssignDS").status_code == 204
    assert "autoAssignDistributionSet" not in hawkbit.get(at).json()
    assert Deployment.objects.get().joining_closed_at is not None


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        ({"type": "timeforced"}, 400, "repo.invalidAutoAssignActionType"),
        ({"type": "quickly"}, 400, "rest.body.notReadable"),
        ({"weight": 1001}, 400, "repo.constraintViolation"),
        ({"weight": -1}, 400, "repo.constraintViolation"),
        ({"id": None}, 400, "rest.body.notReadable"),
        ({"id": 2**31 - 1}, 404, "repo.entityNotFound"),
    ],
)
def test_what_cannot_be_assigned_is_refused(
    hawkbit: Hawkbit,
    distribution_set: DistributionSetMaker,
    body: dict[str, Any],
    status: int,
    key: str,
) -> None:
    at = f"/targetfilters/{saved(hawkbit)['id']}/autoAssignDS"
    response = hawkbit.post(at, {"id": distribution_set().pk} | body)
    assert (response.status_code, response.json()["errorCode"]) == (status, ERROR + key)
    assert not Deployment.objects.exists()


def test_an_incomplete_or_invalidated_set_is_not_assigned(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    at = f"/targetfilters/{saved(hawkbit)['id']}/autoAssignDS"
    incomplete, invalid = distribution_set("a"), distribution_set("b")
    incomplete.modules.clear()
    Release.objects.filter(pk=invalid.pk).update(invalidated_at="2026-01-01T00:00Z")
    keys = [
        hawkbit.post(at, {"id": release.pk}).json()["errorCode"]
        for release in (incomplete, invalid)
    ]
    assert keys == [ERROR + "distributionset.incomplete", ERROR + "distributionset.invalid"]


def test_a_filter_that_takes_too_many_is_refused(
    hawkbit: Hawkbit,
    target: TargetMaker,
    distribution_set: DistributionSetMaker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deployments.auto_assigning.MOST_DEVICES", 1)
    target("edge-1")
    target("edge-2")
    at = f"/targetfilters/{saved(hawkbit)['id']}/autoAssignDS"
    response = hawkbit.post(at, {"id": distribution_set().pk})
    assert response.status_code == 403
    assert response.json()["errorCode"] == ERROR + "quota.tooManyEntries"


def test_confirmation_is_asked_for_where_the_tenant_wants_it(
    hawkbit: Hawkbit,
    organization: Organization,
    target: TargetMaker,
    distribution_set: DistributionSetMaker,
) -> None:
    set_policies(
        actor=hawkbit.actor, organization=organization, values={"confirmation_flow_enabled": True}
    )
    at, release = f"/targetfilters/{saved(hawkbit)['id']}/autoAssignDS", distribution_set()
    assert hawkbit.post(at, {"id": release.pk}).json()["confirmationRequired"] is True
    told = hawkbit.post(at, {"id": release.pk, "confirmationRequired": False}).json()
    assert told["confirmationRequired"] is False
    newest = Phase.objects.order_by("number").last()
    assert newest is not None
    assert not newest.is_confirmation_required
    assert Deployment.objects.filter(joining_closed_at__isnull=True).count() == 1


def test_a_deleted_filter_assigns_nothing_any_more(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    at = f"/targetfilters/{saved(hawkbit)['id']}"
    hawkbit.post(f"{at}/autoAssignDS", {"id": distribution_set().pk})
    assert hawkbit.delete(at).status_code == 204
    assert Deployment.objects.get().joining_closed_at is not None
    assert not DeviceDeployment.objects.exists()
    assert Device.objects.count() == 0
