"""Every field of every list can be asked for and sorted by, and the parameter `sort` is read."""

from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from api.hawkbit.listing.actions import ACTION_STATUSES, ACTIONS
from api.hawkbit.listing.repository import (
    DISTRIBUTION_SET_TAGS,
    DISTRIBUTION_SET_TYPES,
    DISTRIBUTION_SETS,
    SOFTWARE_MODULE_TYPES,
    SOFTWARE_MODULES,
)
from api.hawkbit.listing.rollouts import DEPLOY_GROUPS, ROLLOUTS
from api.hawkbit.listing.targets import TARGET_FILTERS, TARGET_TAGS, TARGET_TYPES, TARGETS
from api.hawkbit.rsql.language import clock_of
from api.hawkbit.rsql.parsing import parse
from api.hawkbit.selecting import sorted_by
from artifacts.models import ModuleType, Release, ReleaseTag, ReleaseType, SoftwareModule
from deployments.assigning import Wish, assign
from deployments.models import Deployment, DeviceDeployment, Phase, StatusEvent
from deployments.states import State
from fleet.models import Device, Organization, SavedFilter, Tag, TargetType
from query.compiling import compiled
from query.listing import Column, Kind, Listing
from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.conftest import TargetMaker
from tests.make import make_actor, make_deployment, make_distribution_set, make_target

LISTINGS: list[tuple[Listing, type[Model]]] = [
    (TARGETS, Device),
    (TARGET_TYPES, TargetType),
    (TARGET_TAGS, Tag),
    (TARGET_FILTERS, SavedFilter),
    (ACTIONS, DeviceDeployment),
    (ACTION_STATUSES, StatusEvent),
    (DISTRIBUTION_SETS, Release),
    (SOFTWARE_MODULES, SoftwareModule),
    (DISTRIBUTION_SET_TYPES, ReleaseType),
    (SOFTWARE_MODULE_TYPES, ModuleType),
    (DISTRIBUTION_SET_TAGS, Tag),
    (ROLLOUTS, Deployment),
    (DEPLOY_GROUPS, Phase),
]
NAMES = [listing.name for listing, _ in LISTINGS]
VALUES = {Kind.NUMBER: "1", Kind.MOMENT: "1000", Kind.BOOLEAN: "true"}


def questions(column: Column) -> list[str]:
    name = f"{column.name}.key" if column.kind == Kind.MAP else column.name
    value = column.choices[0] if column.choices else VALUES.get(column.kind, "a")
    asked = [f"{name}=={value}", f"{name}!={value}", f"{name}=in=({value},{value})"]
    asked += [f"{name}=out=({value})", f"{name}=is=null", f"{name}!=''"]
    if not column.choices and column.kind != Kind.BOOLEAN:
        asked += [f"{name}=={'*' if column.kind in VALUES else 'a*b'}", f"{name}=gt={value}"]
    return asked


def found(organization: Organization, listing: Listing, model: type[Model], q: str) -> list[Any]:
    condition = parse(q, listing, clock_of(organization, timezone.now()))
    rows = model._default_manager.filter(compiled(condition, listing.target_of))
    return list(sorted_by(rows, listing, ""))


@pytest.mark.parametrize(("listing", "model"), LISTINGS, ids=NAMES)
def test_every_field_can_be_asked_for(
    organization: Organization, listing: Listing, model: type[Model]
) -> None:
    for column in listing.filterable:
        for q in questions(column):
            found(organization, listing, model, q)


@pytest.mark.parametrize(("listing", "model"), LISTINGS, ids=NAMES)
def test_every_plain_field_can_be_sorted_by(listing: Listing, model: type[Model], db: None) -> None:
    for column in listing.sortable:
        for direction in ("ASC", "desc"):
            list(sorted_by(model._default_manager.all(), listing, f"{column.name}:{direction}"))


def test_actions_are_found_by_how_they_stand(organization: Organization) -> None:
    release, actor = make_distribution_set(organization), make_actor(organization)
    devices = [make_target(organization, name) for name in ("a", "b", "c")]
    wishes = [Wish(device, release.pk) for device in devices]
    going, failed, done = assign(actor=actor, organization=organization, wishes=wishes).rows
    ended = {"is_open": False, "finished_at": timezone.now()}
    DeviceDeployment.objects.filter(pk=failed.pk).update(state=State.FAILURE, **ended)
    DeviceDeployment.objects.filter(pk=done.pk).update(state=State.SUCCESS, **ended)

    def numbers(q: str) -> list[int]:
        return [row.number for row in found(organization, ACTIONS, DeviceDeployment, q)]

    assert numbers("status==pending") == numbers("active==TRUE") == [going.number]
    assert numbers("status==finished") == numbers("active!=true") == [done.number, failed.number]
    assert numbers("status==error") == numbers("detailstatus==ERROR") == [failed.number]
    assert numbers("detailstatus==finished") == [done.number]
    assert numbers("target.updatestatus==pending") == [going.number]
    assert numbers("target.controllerid=in=(A,zz)") == [going.number]
    assert len(numbers("distributionset.name==FW;distributionset.version==1.0")) == 3
    assert numbers("rollout.name==*") == []
    assert len(numbers("rollout.id=is=null;externalref=is=null")) == 3


def test_what_was_planned_is_the_rollout_of_its_actions(organization: Organization) -> None:
    device = make_target(organization, "a")
    planned = make_deployment(organization, devices=[device], name="Plan")
    row = DeviceDeployment.objects.get()
    for q in (f"rollout.id=={planned.number}", "rollout.name==plan"):
        assert found(organization, ACTIONS, DeviceDeployment, q) == [row]


def test_sets_are_found_by_what_they_have(organization: Organization) -> None:
    one = make_distribution_set(organization, "fw", "1.0", metadata={"Site": "Oslo"})
    two = make_distribution_set(organization, "app", "2.0", invalidated_at=timezone.now())
    ReleaseTag.objects.create(release=one, name="stable")

    def sets(q: str) -> list[Release]:
        return found(organization, DISTRIBUTION_SETS, Release, q)

    assert sets("metadata.site==OSLO") == sets("tag==stable") == sets("valid==true") == [one]
    assert sets("tag!=stable") == sets("module.name==App-*") == sets("valid==false") == [two]
    module = SoftwareModule.objects.get(name="fw-os")
    assert sets(f"module.id=={module.pk}") == sets("version==1.0;name==FW") == [one]
    assert sets("type==os") == sets("type.key=in=(OS,x)") == [one, two]
    module.metadata = {"Key": {"value": "Text", "is_visible": True}}
    module.save()
    for q in ("metadata.KEY==text", "metadata.key==T*", "metadata.key!=other"):
        assert found(organization, SOFTWARE_MODULES, SoftwareModule, q) == [module]
    tag = Tag.objects.create(organization=organization, kind=Tag.Kind.RELEASE, name="stable")
    Tag.objects.create(organization=organization, kind=Tag.Kind.RELEASE, name="other")
    assert found(organization, DISTRIBUTION_SET_TAGS, Tag, "distributionset.name==fw") == [tag]


def test_targets_are_sorted_as_asked(hawkbit: Hawkbit, target: TargetMaker) -> None:
    for controller_id, name in (("b", "x"), ("a", "y"), ("c", "x")):
        target(controller_id, name=name)

    def ids(**query: str) -> list[str]:
        content = hawkbit.get("/targets", **query).json()["content"]
        return [each["controllerId"] for each in content]

    assert ids() == ids(sort="") == ["a", "b", "c"]
    assert ids(sort="NAME:asc,controllerId:DESC") == ["c", "b", "a"]
    assert ids(sort="id:desc", offset="1", limit="1") == ["b"]


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("name", "sortParamSyntax"),
        ("name:", "sortParamSyntax"),
        ("name:ASC:x", "sortParamSyntax"),
        (",", "sortParamSyntax"),
        ("name:ASC," * 20, "sortParamSyntax"),
        ("name:UP", "invalidDirection"),
        ("nosuch:ASC", "invalidField"),
        ("attribute.x:ASC", "invalidField"),
        ("tag:ASC", "invalidField"),
    ],
)
def test_an_order_that_cannot_be_read_is_refused(hawkbit: Hawkbit, sort: str, key: str) -> None:
    response = hawkbit.get("/targets", sort=sort)
    assert response.status_code == 400
    assert response.json()["errorCode"] == f"hawkbit.server.error.rest.param.{key}"


def test_metadata_is_narrowed_sorted_and_paged(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("a", metadata={"b": "2", "A": "x", "c": "2"})

    def keys(**query: str) -> list[str]:
        answer = hawkbit.get("/targets/a/metadata", **query).json()
        return [each["key"] for each in answer["content"]]

    assert keys() == ["A", "b", "c"]
    assert keys(q="value==2;key!=B") == ["c"]
    assert keys(sort="value:DESC,key:DESC") == ["A", "c", "b"]
    assert keys(offset="1", limit="1") == ["b"]
    assert hawkbit.get("/targets/a/metadata", q="nosuch==1").status_code == 400
    assert hawkbit.get("/targets/a/metadata", sort="key").status_code == 400
