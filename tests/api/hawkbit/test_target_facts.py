"""What there is of one target besides itself. Source: the seed, /rest/v1/targets/{targetId}/…"""

import pytest

from fleet.models import AutoConfirmation, Device, Organization, Role, Tag, TargetType
from fleet.policies import set_policies
from fleet.signals import auto_confirmation_activated
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.make import make_actor, make_device, make_organization, make_target

SUB_RESOURCES = (
    ("GET", "/attributes"),
    ("GET", "/tags"),
    ("GET", "/installedDS"),
    ("GET", "/assignedDS"),
    ("GET", "/autoConfirm"),
    ("POST", "/autoConfirm/activate"),
    ("POST", "/autoConfirm/deactivate"),
    ("POST", "/targettype"),
    ("DELETE", "/targettype"),
)


@pytest.fixture
def gateway(organization: Organization) -> TargetType:
    return TargetType.objects.create(organization=organization, key="gw", name="Gateway")


def test_attributes_are_a_flat_map(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137", attributes={"b": "2", "a": "testValue"})
    response = hawkbit.get("/targets/137/attributes")
    assert (response.status_code, response.json()) == (200, {"a": "testValue", "b": "2"})


def test_a_target_without_attributes_answers_nothing(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137", tags=["eu"])
    response = hawkbit.get("/targets/137/attributes")
    assert (response.status_code, response.content) == (204, b"")


def test_what_a_device_told_in_another_dialect_is_told_as_texts(
    hawkbit: Hawkbit, organization: Organization
) -> None:
    device = make_device(organization, inventory={"cores": 4, "ips": ["10.0.0.1", "10.0.0.2"]})
    assert hawkbit.get(f"/targets/{device.id}/attributes").json() == {
        "cores": "4",
        "ips": '["10.0.0.1","10.0.0.2"]',
    }


def test_tags_are_those_of_the_catalogue_that_it_has(hawkbit: Hawkbit, target: TargetMaker) -> None:
    assert target("bare")
    target("137", tags=["eu", "beta", "unknown"])
    for name in ("eu", "beta", "us"):
        Tag.objects.create(organization=hawkbit.organization, kind="device", name=name)
    told = hawkbit.get("/targets/137/tags").json()
    assert [each["name"] for each in told] == ["eu", "beta"]
    assert told[0]["_links"]["self"]["href"].endswith(f"/rest/v1/targettags/{told[0]['id']}")
    assert hawkbit.get("/targets/bare/tags").json() == []


def test_a_type_is_assigned_and_taken_away(
    hawkbit: Hawkbit, target: TargetMaker, gateway: TargetType
) -> None:
    target("137")
    response = hawkbit.post("/targets/137/targettype", {"id": gateway.pk})
    assert (response.status_code, response.content) == (204, b"")
    assert Device.objects.get().target_type == gateway
    response = hawkbit.delete("/targets/137/targettype")
    assert (response.status_code, response.content) == (204, b"")
    assert Device.objects.get().target_type is None


@pytest.mark.parametrize(
    ("body", "status"), [({"id": 4711}, 404), ({}, 400), ({"id": -1}, 400), ({"id": "x"}, 400)]
)
def test_a_type_that_is_none_is_not_assigned(
    hawkbit: Hawkbit, target: TargetMaker, body: dict[str, object], status: int
) -> None:
    target("137")
    assert hawkbit.post("/targets/137/targettype", body).status_code == status


def test_the_installed_set_is_the_release_that_it_runs(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set("DS", "1.0")
    target("137", software=release.name)
    told = hawkbit.get("/targets/137/installedDS")
    assert told.status_code == 200
    shown = told.json()
    assert (shown["id"], shown["name"], shown["version"]) == (release.pk, "DS", "1.0")
    assert [module["name"] for module in shown["modules"]] == ["DS-os"]
    assert set(shown["_links"]) == {"self", "modules", "type", "metadata"}


@pytest.mark.parametrize("which", ["installedDS", "assignedDS"])
def test_a_target_without_sets_answers_nothing(
    hawkbit: Hawkbit, target: TargetMaker, which: str
) -> None:
    target("137", software="told by the device, and no set of ours")
    response = hawkbit.get(f"/targets/137/{which}")
    assert (response.status_code, response.content) == (204, b"")


def test_a_set_is_of_the_same_organization(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set("DS", "1.0")
    elsewhere = make_target(make_organization(), "137", software=release.name)
    assert elsewhere.software == release.name
    other = hawkbit_caller(organization=elsewhere.organization)
    assert other.get("/targets/137/installedDS").status_code == 204


def test_the_assigned_set_is_the_one_that_it_is_to_run(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    old, new = distribution_set("DS", "1.0"), distribution_set("DS", "2.0")
    target("137", software=old.name)
    assert hawkbit.post("/targets/137/assignedDS", {"id": new.pk}).status_code == 200
    assert hawkbit.get("/targets/137/assignedDS").json()["version"] == "2.0"
    assert hawkbit.get("/targets/137/installedDS").json()["version"] == "1.0"
    assert hawkbit.get("/targets/137").json()["updateStatus"] == "pending"


def test_what_waits_is_confirmed_when_a_target_begins_to_confirm_by_itself(
    hawkbit: Hawkbit, target: TargetMaker, distribution_set: DistributionSetMaker
) -> None:
    actor, organization = make_actor(hawkbit.organization), hawkbit.organization
    switch = {"confirmation_flow_enabled": True}
    set_policies(actor=actor, organization=organization, values=switch)
    target("137")
    body = {"id": distribution_set("DS", "1.0").pk, "confirmationRequired": True}
    [action] = hawkbit.post("/targets/137/assignedDS", body).json()["assignedActions"]
    path = f"/targets/137/actions/{action['id']}"
    assert hawkbit.get(path).json()["detailStatus"] == "wait_for_confirmation"
    assert hawkbit.post("/targets/137/autoConfirm/activate", {}).status_code == 204
    assert hawkbit.get(path).json()["detailStatus"] == "running"


def test_a_target_may_confirm_by_itself(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    at = "http://testserver/rest/v1/targets/137/autoConfirm"
    assert hawkbit.get("/targets/137/autoConfirm").json() == {
        "active": False,
        "_links": {"activate": {"href": f"{at}/activate"}},
    }
    body = {"initiator": "custom_initiator_value", "remark": "custom_remark_value"}
    response = hawkbit.post("/targets/137/autoConfirm/activate", body)
    assert (response.status_code, response.content) == (204, b"")
    told = hawkbit.get("/targets/137/autoConfirm").json()
    assert (
        abs(
            told.pop("activatedAt") / 1000 - AutoConfirmation.objects.get().activated_at.timestamp()
        )
        < 1
    )
    assert told == {"active": True, **body, "_links": {"deactivate": {"href": f"{at}/deactivate"}}}
    assert hawkbit.post("/targets/137/autoConfirm/deactivate").status_code == 204
    assert hawkbit.get("/targets/137/autoConfirm").json()["active"] is False


def test_activation_needs_no_body(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    response = hawkbit.send("POST", "/targets/137/autoConfirm/activate", content_type="")
    assert response.status_code == 204
    assert set(hawkbit.get("/targets/137/autoConfirm").json()) == {
        *("active", "activatedAt", "_links")
    }


def test_what_confirms_by_itself_already_is_a_conflict(
    hawkbit: Hawkbit, target: TargetMaker
) -> None:
    target("137")
    assert hawkbit.post("/targets/137/autoConfirm/activate", {}).status_code == 204
    response = hawkbit.post("/targets/137/autoConfirm/activate", {})
    assert response.status_code == 409
    assert response.json()["errorCode"] == "hawkbit.server.error.repo.autoConfAlreadyActive"


def test_deactivating_twice_is_as_good_as_once(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    for _ in range(2):
        assert hawkbit.post("/targets/137/autoConfirm/deactivate").status_code == 204


def test_a_remark_has_its_length(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    body = {"remark": "x" * 513}
    assert hawkbit.post("/targets/137/autoConfirm/activate", body).status_code == 400
    assert not AutoConfirmation.objects.exists()


def test_the_layers_above_hear_of_an_activation(hawkbit: Hawkbit, target: TargetMaker) -> None:
    device = target("137")
    heard = []

    def hear(device: Device, **_: object) -> None:
        heard.append((device, AutoConfirmation.objects.count()))

    auto_confirmation_activated.connect(hear)
    try:
        hawkbit.post("/targets/137/autoConfirm/activate", {})
    finally:
        auto_confirmation_activated.disconnect(hear)
    assert heard == [(device, 1)]


def test_a_target_tells_of_auto_confirmation_where_confirmation_is_asked_for(
    hawkbit: Hawkbit, target: TargetMaker
) -> None:
    target("137")
    assert "autoConfirmActive" not in hawkbit.get("/targets/137").json()
    set_policies(
        actor=make_actor(hawkbit.organization),
        organization=hawkbit.organization,
        values={"confirmation_flow_enabled": True},
    )
    told = hawkbit.get("/targets/137").json()
    assert told["autoConfirmActive"] is False
    assert told["_links"]["autoConfirm"]["href"].endswith("/targets/137/autoConfirm")
    hawkbit.post("/targets/137/autoConfirm/activate", {})
    assert hawkbit.get("/targets").json()["content"][0]["autoConfirmActive"] is True


@pytest.mark.parametrize(("method", "path"), SUB_RESOURCES)
def test_nothing_is_told_of_a_target_of_others(hawkbit: Hawkbit, method: str, path: str) -> None:
    make_target(make_organization(), "bubu")
    response = hawkbit.send(method, f"/targets/bubu{path}", {"id": 1})
    assert response.status_code == 404
    assert response.json()["errorCode"] == "hawkbit.server.error.repo.entityNotFound"


@pytest.mark.parametrize(("method", "path"), SUB_RESOURCES)
def test_who_may_look_may_not_change(
    organization: Organization,
    target: TargetMaker,
    gateway: TargetType,
    method: str,
    path: str,
) -> None:
    target("137")
    viewer = hawkbit_caller(Role.VIEWER, organization)
    status = viewer.send(method, f"/targets/137{path}", {"id": gateway.pk}).status_code
    assert status in ({200, 204} if method == "GET" else {403})
    ci = hawkbit_caller(Role.CI, organization)
    assert ci.send(method, f"/targets/137{path}", {"id": gateway.pk}).status_code == 403
