"""Distribution sets: what they are made of, and how they go."""

import pytest

from artifacts.locking import lock_if_wanted
from artifacts.models import Release, SoftwareModule
from auditlog.models import AuditEntry
from deployments.models import Deployment, DeviceDeployment
from jobs.running import run_due
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.make import (
    make_artifact,
    make_deployment,
    make_device,
    make_release,
    upload_artifact,
)

pytestmark = pytest.mark.django_db
PREFIX = "hawkbit.server.error."
SET = {"name": "fw", "version": "1.0", "type": "os"}


def module(hawkbit: Hawkbit, name: str = "firmware", key: str = "os") -> int:
    body = {"name": name, "version": "1.0", "type": key}
    return int(hawkbit.post("/softwaremodules", body).json()[0]["id"])


def made(hawkbit: Hawkbit, **facts: object) -> int:
    return int(hawkbit.post("/distributionsets", SET | facts).json()[0]["id"])


def test_sets_come_as_a_list_and_are_told_as_one(hawkbit: Hawkbit) -> None:
    number = module(hawkbit)
    body = SET | {"description": "text", "requiredMigrationStep": True, "modules": [{"id": number}]}
    answer = hawkbit.post("/distributionsets", [body])
    assert answer.status_code == 201
    [listed] = answer.json()
    assert set(listed["_links"]) == {"self"}
    alone = hawkbit.get(f"/distributionsets/{listed['id']}").json()
    links = alone.pop("_links")
    [part] = alone.pop("modules")
    assert (part["id"], part["type"], set(part["_links"])) == (number, "os", {"self"})
    assert alone == {
        "createdBy": hawkbit.email,
        "createdAt": listed["createdAt"],
        "lastModifiedBy": hawkbit.email,
        "lastModifiedAt": listed["createdAt"],
        "name": "fw",
        "version": "1.0",
        "description": "text",
        "requiredMigrationStep": True,
        "type": "os",
        "typeName": "OS only",
        "complete": True,
        "deleted": False,
        "locked": False,
        "valid": True,
        "id": listed["id"],
    }
    at = f"http://testserver/rest/v1/distributionsets/{listed['id']}"
    assert links["modules"] == {
        "href": f"{at}/assignedSM?offset=0&limit=50{{&sort}}",
        "templated": True,
    }
    assert links["metadata"] == {
        "href": f"{at}/metadata?offset=0&limit=50{{&sort,q}}",
        "templated": True,
    }
    assert set(links) == {"self", "modules", "type", "metadata"}
    assert hawkbit.get("/distributionsets").json()["content"] == [
        alone | {"modules": [part], "_links": listed["_links"]}
    ]


def test_a_set_without_a_type_is_of_the_default_one(hawkbit: Hawkbit) -> None:
    [row] = hawkbit.post("/distributionsets", {"name": "fw", "version": "1"}).json()
    assert (row["type"], row["complete"], row["modules"]) == ("os_app", False, [])


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        (SET, 409, "repo.entityAlreadyExists"),
        (SET | {"version": "2", "type": "nothing"}, 404, "repo.entityNotFound"),
        (SET | {"version": "2", "modules": [{"id": 10**10}]}, 404, "repo.entityNotFound"),
        (SET | {"version": "2", "modules": [{}]}, 400, "repo.constraintViolation"),
        ({"version": "2"}, 400, "repo.constraintViolation"),
        ({"name": "fw"}, 400, "repo.constraintViolation"),
        (SET | {"version": "2", "name": "n" * 129}, 400, "repo.constraintViolation"),
        (SET | {"version": "2", "modules": 7}, 400, "rest.body.notReadable"),
    ],
)
def test_what_makes_no_set(
    hawkbit: Hawkbit, body: dict[str, object], status: int, key: str
) -> None:
    made(hawkbit)
    refused = hawkbit.post("/distributionsets", [SET | {"name": "good"}, body])
    assert (refused.status_code, refused.json()["errorCode"]) == (status, PREFIX + key)
    assert Release.objects.count() == 1


def test_what_is_given_is_changed(hawkbit: Hawkbit) -> None:
    at = f"/distributionsets/{made(hawkbit, description='old')}"
    changed = hawkbit.put(at, {"version": "2.0", "requiredMigrationStep": True})
    assert changed.status_code == 200
    row = changed.json()
    assert (row["name"], row["version"], row["description"]) == ("fw", "2.0", "old")
    assert row["requiredMigrationStep"] is True
    assert Release.objects.get().name == "fw:2.0"
    made(hawkbit)
    assert hawkbit.put(at, {"version": "1.0"}).status_code == 409


def test_modules_are_assigned_and_taken_away(hawkbit: Hawkbit) -> None:
    at = f"/distributionsets/{made(hawkbit, type='os_app')}"
    os, app = module(hawkbit), module(hawkbit, "app", "application")
    assert hawkbit.post(f"{at}/assignedSM", [{"id": os}, {"id": app}]).status_code == 204
    assert hawkbit.get(at).json()["complete"] is True
    parts = hawkbit.get(f"{at}/assignedSM", sort="id:DESC", limit=1).json()
    assert (parts["total"], [each["id"] for each in parts["content"]]) == (2, [app])
    assert hawkbit.delete(f"{at}/assignedSM/{os}").status_code == 204
    assert hawkbit.get(at).json()["complete"] is False
    assert hawkbit.delete(f"{at}/assignedSM/{10**9}").status_code == 404


def test_of_one_module_at_most_the_new_one_takes_the_place(hawkbit: Hawkbit) -> None:
    first, second = module(hawkbit), module(hawkbit, "other")
    at = f"/distributionsets/{made(hawkbit, modules=[{'id': first}])}/assignedSM"
    assert hawkbit.post(at, [{"id": second}]).status_code == 204
    assert [each["id"] for each in hawkbit.get(at).json()["content"]] == [second]


def test_a_module_of_another_type_does_not_fit(hawkbit: Hawkbit) -> None:
    refused = hawkbit.post(
        f"/distributionsets/{made(hawkbit)}/assignedSM",
        [{"id": module(hawkbit, "app", "application")}],
    )
    assert (refused.status_code, refused.json()["errorCode"]) == (
        400,
        PREFIX + "distributionset.modules.unsupported",
    )


def test_a_set_has_at_most_a_hundred_modules(hawkbit: Hawkbit) -> None:
    kind = SoftwareModule.objects.get(pk=module(hawkbit, "app", "application")).type
    rows = SoftwareModule.objects.bulk_create(
        SoftwareModule(organization=hawkbit.organization, type=kind, name=f"{n}", version="1")
        for n in range(101)
    )
    at = f"/distributionsets/{made(hawkbit, type='app')}/assignedSM"
    refused = hawkbit.post(at, [{"id": row.pk} for row in rows])
    assert (refused.status_code, refused.json()["errorCode"]) == (
        403,
        PREFIX + "quota.tooManyEntries",
    )
    assert hawkbit.post(at, [{"id": row.pk} for row in rows[:100]]).status_code == 204


def test_a_locked_set_stays_as_it_is_until_it_is_unlocked(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    lock_if_wanted(release, hawkbit.organization)
    part = release.modules.get()
    assert part.is_locked
    at = f"/distributionsets/{release.pk}"
    for refused in (
        hawkbit.post(f"{at}/assignedSM", [{"id": part.pk}]),
        hawkbit.delete(f"{at}/assignedSM/{part.pk}"),
        hawkbit.put(at, {"requiredMigrationStep": True}),
        hawkbit.put(at, {"name": "other"}),
    ):
        assert (refused.status_code, refused.json()["errorCode"]) == (423, PREFIX + "locked")
    assert hawkbit.put(at, {"description": "text"}).json()["locked"] is True
    assert hawkbit.put(at, {"locked": False}).json()["locked"] is False
    assert hawkbit.delete(f"{at}/assignedSM/{part.pk}").status_code == 204


def test_organizations_may_do_without_locks(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    hawkbit.put("/system/configs/implicit.lock.enabled", {"value": False})
    hawkbit.organization.refresh_from_db()
    release = distribution_set()
    lock_if_wanted(release, hawkbit.organization)
    assert hawkbit.get(f"/distributionsets/{release.pk}").json()["locked"] is False


def test_an_unused_set_is_deleted_and_its_modules_stay(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    assert hawkbit.delete(f"/distributionsets/{release.pk}").status_code == 204
    assert hawkbit.get(f"/distributionsets/{release.pk}").status_code == 404
    assert hawkbit.get("/softwaremodules").json()["total"] == 1
    assert AuditEntry.objects.filter(action="delete", object_kind="release").count() == 1


def test_a_set_that_was_given_to_devices_is_deleted_softly(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    make_device(hawkbit.organization)
    make_deployment(hawkbit.organization, release=release)
    assert hawkbit.delete(f"/distributionsets/{release.pk}").status_code == 204
    assert hawkbit.get(f"/distributionsets/{release.pk}").json()["deleted"] is True
    assert hawkbit.get("/distributionsets").json()["total"] == 0
    only = hawkbit.get("/distributionsets", soft_deleted_mode="ONLY_SOFT_DELETED").json()
    assert only["total"] == 1
    assert hawkbit.delete(f"/distributionsets/{release.pk}").status_code == 404
    assert hawkbit.put(f"/distributionsets/{release.pk}", {"description": "x"}).status_code == 404
    assert Deployment.objects.get().release_id == release.pk
    # Its name is free again.
    made(hawkbit)


def test_an_invalidated_set_goes_to_nobody_any_more(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker, target: TargetMaker
) -> None:
    release = distribution_set()
    target("t1")
    at = f"/distributionsets/{release.pk}"
    assert hawkbit.post("/targets/t1/assignedDS", {"id": release.pk}).status_code == 200
    body = {"actionCancelationType": "soft", "cancelRollouts": True}
    assert hawkbit.post(f"{at}/invalidate", body).status_code == 204
    assert hawkbit.get(at).json()["valid"] is False
    assert run_due() >= 1
    assert DeviceDeployment.objects.get().cancel_requested_at is not None
    target("t2")
    refused = hawkbit.post("/targets/t2/assignedDS", {"id": release.pk})
    assert (refused.status_code, refused.json()["errorCode"]) == (
        400,
        PREFIX + "distributionset.invalid",
    )
    refused = hawkbit.post(f"{at}/assignedSM", [{"id": release.modules.get().pk}])
    assert refused.status_code in (400, 423)


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        ({}, 400, "repo.constraintViolation"),
        ({"actionCancelationType": "hard"}, 400, "rest.body.notReadable"),
        ({"actionCancelationType": "none"}, 400, "distributionset.incomplete"),
    ],
)
def test_what_does_not_invalidate(
    hawkbit: Hawkbit, body: dict[str, object], status: int, key: str
) -> None:
    refused = hawkbit.post(f"/distributionsets/{made(hawkbit)}/invalidate", body)
    assert (refused.status_code, refused.json()["errorCode"]) == (status, PREFIX + key)


def test_metadata_comes_and_goes(hawkbit: Hawkbit) -> None:
    at = f"/distributionsets/{made(hawkbit)}/metadata"
    assert hawkbit.post(at, [{"key": "k", "value": "v"}]).json() == [{"key": "k", "value": "v"}]
    assert hawkbit.get(f"{at}/k").json() == {"key": "k", "value": "v"}
    assert hawkbit.put(f"{at}/k", {"value": "w"}).json() == {"key": "k", "value": "w"}
    assert hawkbit.get(at, q="value==w").json()["total"] == 1
    assert hawkbit.delete(f"{at}/k").status_code == 204
    assert hawkbit.get(at).json() == {"content": [], "total": 0, "size": 0}


def test_who_has_it_installed_and_how_it_fares(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker, target: TargetMaker
) -> None:
    release = distribution_set()
    at = f"/distributionsets/{release.pk}"
    assert hawkbit.get(f"{at}/statistics").json() == {}
    target("t1", software=release.name)
    target("t2")
    hawkbit.post("/targets/t2/assignedDS", {"id": release.pk})
    installed = hawkbit.get(f"{at}/installedTargets").json()
    assert [each["controllerId"] for each in installed["content"]] == ["t1"]
    assigned = hawkbit.get(f"{at}/assignedTargets").json()
    assert [each["controllerId"] for each in assigned["content"]] == ["t2"]
    actions = {"totalActionsPerStatus": {"RUNNING": 1, "total": 1}}
    assert hawkbit.get(f"{at}/statistics/actions").json() == actions
    assert hawkbit.get(f"{at}/statistics").json() == actions
    assert hawkbit.get(f"{at}/statistics/rollouts").json() == {}
    assert hawkbit.get(f"{at}/statistics/autoassignments").json() == {}


def test_what_mender_made_is_a_set_too(hawkbit: Hawkbit) -> None:
    artifact = upload_artifact(hawkbit.organization, "release-1")
    [row] = hawkbit.get("/distributionsets").json()["content"]
    assert (row["name"], row["version"], row["type"]) == ("release-1", "release-1", "mender")
    assert row["complete"] is True
    assert [each["id"] for each in row["modules"]] == [artifact.module.pk]
    at = f"/distributionsets/{row['id']}"
    for refused in (
        hawkbit.put(at, {"name": "other"}),
        hawkbit.delete(f"{at}/assignedSM/{artifact.module.pk}"),
    ):
        assert (refused.status_code, refused.json()["errorCode"]) == (
            403,
            PREFIX + "entityReadOnly",
        )
    assert hawkbit.delete(at).status_code == 204
    assert not SoftwareModule.objects.exists()


def test_what_mender_is_deploying_is_not_deleted(hawkbit: Hawkbit) -> None:
    release = make_artifact(make_release(hawkbit.organization)).release
    make_device(hawkbit.organization)
    make_deployment(hawkbit.organization, release=release)
    refused = hawkbit.delete(f"/distributionsets/{release.pk}")
    assert (refused.status_code, refused.json()["errorCode"]) == (403, PREFIX + "entityReadOnly")
    assert DeviceDeployment.objects.count() == 1


def test_others_see_none_of_it(hawkbit: Hawkbit) -> None:
    at = f"/distributionsets/{made(hawkbit)}"
    stranger = hawkbit_caller()
    for answer in (
        stranger.get(at),
        stranger.put(at, {}),
        stranger.delete(at),
        stranger.get(f"{at}/assignedSM"),
        stranger.get(f"{at}/metadata"),
        stranger.get(f"{at}/installedTargets"),
        stranger.get(f"{at}/statistics"),
        stranger.post(f"{at}/invalidate", {"actionCancelationType": "none"}),
    ):
        assert answer.status_code == 404
    assert stranger.get("/distributionsets").json()["total"] == 0
    theirs = made(stranger)
    refused = stranger.post(f"/distributionsets/{theirs}/assignedSM", [{"id": module(hawkbit)}])
    assert refused.status_code == 404


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    hawkbit: Hawkbit, django_assert_max_num_queries: object
) -> None:
    for number in range(10):
        made(hawkbit, version=str(number), modules=[{"id": module(hawkbit, f"m{number}")}])
    hawkbit.get("/distributionsets")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert hawkbit.get("/distributionsets").json()["size"] == 10
