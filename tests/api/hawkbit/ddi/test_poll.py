"""What a poll tells a device to do, and that it writes nothing."""

from datetime import timedelta
from typing import Any

import cbor2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from artifacts.models import Release
from deployments.models import Deployment, DeviceDeployment
from fleet.models import AutoConfirmation, Device, Organization
from tests.api.hawkbit.ddi.callers import Controller, allow
from tests.api.hawkbit.ddi.making import assign
from tests.deployments.dynamic import make_dynamic
from tests.make import make_artifact, make_deployment, make_distribution_set, make_release

LATER = timedelta(hours=3)


def told(box: Controller) -> tuple[str, int]:
    """The one thing that is to be done, and with which action."""
    name = box.does()
    if not name:
        return "", 0
    return name, int(box.links()[name].rpartition("/")[2].partition("?")[0])


def test_nothing_to_do(box: Controller, device: Device) -> None:
    response = box.get()
    assert response.headers["Content-Type"] == "application/hal+json"
    assert response.json() == {
        "config": {"polling": {"sleep": "00:05:00"}},
        "_links": {"configData": {"href": f"http://testserver{box.root}/configData"}},
    }
    device.wants_attributes = False
    device.save()
    assert box.get().json() == {"config": {"polling": {"sleep": "00:05:00"}}}


def test_one_statement_and_no_write(box: Controller, device: Device, release: Release) -> None:
    allow(device.organization, anonymous_enabled=True)
    box.get()
    assign(device, release)
    with CaptureQueriesContext(connection) as queries:
        assert box.does() == "deploymentBase"
    assert len(queries) == 1
    assert queries[0]["sql"].strip().startswith("SELECT")
    assert DeviceDeployment.objects.filter(admitted_at=None, is_instructed=False).count() == 1


@pytest.mark.parametrize(
    ("facts", "task"),
    [
        ({}, "deploymentBase"),
        ({"cancel_requested_at": timezone.now()}, "cancelAction"),
        ({"is_confirmation_required": True}, "confirmationBase"),
        ({"starts_at": timezone.now() + LATER}, ""),
        ({"paused_at": timezone.now()}, ""),
        ({"paused_at": timezone.now(), "cancel_requested_at": timezone.now()}, "cancelAction"),
        ({"action_type": "downloadonly"}, "deploymentBase"),
        ({"action_type": "soft"}, "deploymentBase"),
        ({"is_confirmation_required": True, "cancel_requested_at": timezone.now()}, "cancelAction"),
    ],
)
def test_what_it_is_to_do(
    box: Controller, device: Device, release: Release, facts: dict[str, Any], task: str
) -> None:
    row = assign(device, release, **facts)
    assert told(box) == (task, row.number if task else 0)


def test_who_confirms_by_itself_is_told_to_install(
    box: Controller, device: Device, release: Release
) -> None:
    AutoConfirmation.objects.create(device=device)
    assign(device, release, is_confirmation_required=True)
    assert box.does() == "deploymentBase"


def test_the_weightiest_goes_first_then_the_oldest(
    box: Controller, device: Device, release: Release
) -> None:
    light = assign(device, release, weight=100)
    first = assign(device, release, weight=500)
    assign(device, release, weight=500)
    assert told(box) == ("deploymentBase", first.number)
    heavy = assign(device, release, weight=1000, cancel_requested_at=timezone.now())
    assert told(box) == ("cancelAction", heavy.number)
    DeviceDeployment.objects.filter(number__gte=first.number).update(
        state="aborted", is_open=False, finished_at=timezone.now()
    )
    assert told(box) == ("deploymentBase", light.number)


def test_the_old_one_is_left_before_the_new_one_is_begun(
    box: Controller, device: Device, release: Release
) -> None:
    old = assign(device, release)
    assign(device, release)
    DeviceDeployment.objects.filter(number=old.number).update(cancel_requested_at=timezone.now())
    assert told(box) == ("cancelAction", old.number)


def test_who_has_begun_goes_on_while_it_is_paused(
    box: Controller, device: Device, release: Release
) -> None:
    row = assign(device, release)
    assert box.get(box.links()["deploymentBase"]).status_code == 200
    Deployment.objects.update(paused_at=timezone.now())
    assert told(box) == ("deploymentBase", row.number)


def test_a_deployment_of_ours_is_told_as_well(box: Controller, device: Device) -> None:
    release = make_distribution_set(device.organization, "fw", "3.0", files={"b": b"b"})
    make_deployment(release=release, devices=[device])
    assert box.does() == "deploymentBase"


def test_of_menders_artifacts_nothing_is_told_before_the_type_is_known(
    box: Controller, device: Device
) -> None:
    release = make_artifact(make_release(device.organization)).release
    make_deployment(release=release, devices=[device])
    assert box.does() == ""
    device.device_type = "board"
    device.save()
    assert box.does() == "deploymentBase"


def test_a_configuration_is_not_for_it_and_keeps_nothing_back(
    box: Controller, device: Device, release: Release
) -> None:
    configuration = assign(device, release)
    Deployment.objects.filter(number=configuration.deployment_id).update(
        kind="configuration", configuration={"a": "b"}
    )
    assert box.does() == ""
    row = assign(device, release)
    assert told(box) == ("deploymentBase", row.number)


def test_whoever_matches_a_dynamic_deployment_joins_it_by_asking(
    box: Controller, device: Device, release: Release
) -> None:
    box.put("configData", {"data": {"color": "red"}})
    deployment = make_dynamic(device.organization, release_name=release.name)
    assert box.does() == "deploymentBase"
    row = deployment.device_deployments.get()
    assert row.admitted_at
    assert not row.is_instructed
    assert box.get(f"deploymentBase/{row.number}").status_code == 200
    assert told(box) == ("deploymentBase", row.number)


def test_who_does_not_match_does_not_join(box: Controller, device: Device) -> None:
    deployment = make_dynamic(device.organization)
    assert box.does() == ""
    assert not deployment.device_deployments.exists()


def test_the_last_that_brought_what_it_runs(
    box: Controller, device: Device, release: Release
) -> None:
    first, second = assign(device, release), assign(device, release)
    for row in (first, second):
        assert box.say(f"deploymentBase/{row.number}", "closed", "success") == 200
    links = box.links()
    assert links["installedBase"].endswith(f"/installedBase/{second.number}")
    other = make_distribution_set(device.organization, "other")
    third = assign(device, other)
    assert set(box.links()) == {"deploymentBase", "installedBase", "configData"}
    assert box.say(f"deploymentBase/{third.number}", "closed", "failure") == 200
    assert box.links()["installedBase"] == links["installedBase"]


def test_an_entity_tag_spares_the_answer(box: Controller, device: Device) -> None:
    response = box.get()
    tag = response.headers["ETag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = box.get(If_None_Match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    assert box.get(If_None_Match='"other"').status_code == 200
    box.put("configData", {"data": {}})
    assert box.get(If_None_Match=tag).status_code == 200


def test_the_link_changes_when_the_action_does(
    box: Controller, device: Device, release: Release
) -> None:
    soon = timezone.now() + LATER
    row = assign(device, release, action_type="timeforced", forced_at=soon)
    soft = box.links()["deploymentBase"]
    assert soft == box.links()["deploymentBase"]
    Deployment.objects.update(forced_at=timezone.now() - LATER)
    due = box.links()["deploymentBase"]
    assert due != soft
    Deployment.objects.update(action_type="soft", forced_at=None)
    assert box.links()["deploymentBase"] == soft
    DeviceDeployment.objects.filter(number=row.number).update(is_forced=True)
    assert box.links()["deploymentBase"] == due


def window_in(wait: timedelta, duration: str = "01:00:00") -> dict[str, str]:
    at = timezone.now() + wait
    return {
        "schedule": f"{at.second} {at.minute} {at.hour} * * ?",
        "duration": duration,
        "timezone": "+00:00",
    }


def test_it_calls_more_often_before_its_window_opens(
    box: Controller, device: Device, release: Release
) -> None:
    def sleep() -> str:
        return str(box.get().json()["config"]["polling"]["sleep"])

    assign(device, release, maintenance_window=window_in(timedelta(minutes=9)))
    closed = box.links()["deploymentBase"]
    assert "00:02:5" in sleep()
    Deployment.objects.update(maintenance_window=window_in(timedelta(seconds=50)))
    assert sleep() == "00:00:30"
    Deployment.objects.update(maintenance_window=window_in(-timedelta(minutes=5)))
    assert sleep() == "00:05:00"
    assert box.links()["deploymentBase"] != closed


def test_the_organization_says_how_often(box: Controller, device: Device) -> None:
    allow(device.organization, polling_time=3 * 3600 + 61)
    assert box.get().json()["config"]["polling"]["sleep"] == "03:01:01"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "application/hal+json"),
        ("*/*", "application/hal+json"),
        ("application/json", "application/json"),
        ("application/json;charset=UTF-8", "application/json"),
        ("application/hal+json, application/json;q=0.5", "application/hal+json"),
        ("application/cbor", "application/cbor"),
        ("text/html", ""),
        ("application/xml, image/*", ""),
    ],
)
def test_in_which_words(box: Controller, accept: str, content_type: str) -> None:
    response = box.get(**({"Accept": accept} if accept else {}))
    if not content_type:
        assert response.status_code == 406
        assert response.json()["errorCode"] == "hawkbit.server.error.rest.mediaType.notAcceptable"
        return
    assert response.headers["Content-Type"] == content_type
    body = response.content
    read = cbor2.loads(body) if content_type == "application/cbor" else response.json()
    assert read["config"] == {"polling": {"sleep": "00:05:00"}}


def test_by_no_other_verb(box: Controller) -> None:
    assert box.head("").status_code == 200
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        response = box.send(method, "", {})
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("spelling", ["{key}", "{lower}", "{title}"])
def test_a_tenant_in_any_case(device: Device, spelling: str) -> None:
    organization = device.organization
    allow(organization, anonymous_enabled=True)
    key = organization.key
    tenant = spelling.format(key=key, lower=key.lower(), title=key.title())
    box = Controller(organization, "dev-1", tenant=tenant)
    assert box.links()["configData"].startswith(f"http://testserver/{tenant}/")


def test_default_is_the_only_organization(device: Device, organization: Organization) -> None:
    allow(organization, anonymous_enabled=True)
    for tenant in ("DEFAULT", "default"):
        assert Controller(organization, "dev-1", tenant=tenant).get().status_code == 200
    Organization.objects.create(key="SECOND", name="Second")
    assert Controller(organization, "dev-1", tenant="DEFAULT").get().status_code == 401
