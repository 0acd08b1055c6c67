"""Tags of targets and of distribution sets, as clients of hawkBit's API keep them."""

import pytest

from artifacts.tags import set_tags as set_release_tags
from fleet.attributes import Attribute
from fleet.models import Inventory, Organization, Role
from fleet.tags import set_tags
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.api.hawkbit.conftest import DistributionSetMaker, TargetMaker
from tests.make import make_device

KEY = "hawkbit.server.error."
BOTH = pytest.mark.parametrize("root", ["/targettags", "/distributionsettags"])


def made(hawkbit: Hawkbit, name: str = "beta", root: str = "/targettags", **members: object) -> str:
    """The path of a new tag."""
    answer = hawkbit.post(root, [{"name": name, **members}])
    assert answer.status_code == 201, answer.content
    return f"{root}/{answer.json()[0]['id']}"


def tagged(hawkbit: Hawkbit, path: str) -> list:
    answer = hawkbit.get(f"{path}/assigned")
    assert answer.status_code == 200, answer.content
    return [each.get("controllerId", each.get("id")) for each in answer.json()["content"]]


@BOTH
def test_tags_are_made_shown_and_changed(hawkbit: Hawkbit, root: str) -> None:
    path = made(hawkbit, root=root, description="who dares", colour="#00ff00")
    shown = hawkbit.get(path).json()
    assert (shown["name"], shown["description"], shown["colour"]) == (
        "beta",
        "who dares",
        "#00ff00",
    )
    rel = "assignedTargets" if root == "/targettags" else "assignedDistributionSets"
    link = f"http://testserver/rest/v1{path}/assigned?offset=0&limit=50"
    assert shown["_links"][rel] == {"href": link}
    changed = hawkbit.put(path, {"name": "gamma"})
    assert (changed.status_code, changed.json()["name"]) == (200, "gamma")
    assert changed.json()["description"] == "who dares"
    assert [each["name"] for each in hawkbit.get(root).json()["content"]] == ["gamma"]
    assert hawkbit.delete(path).status_code == 204
    assert hawkbit.get(path).status_code == 404


@BOTH
def test_a_name_is_taken_once(hawkbit: Hawkbit, root: str) -> None:
    made(hawkbit, root=root)
    answer = hawkbit.post(root, [{"name": "new"}, {"name": "beta"}])
    assert (answer.status_code, answer.json()["errorCode"]) == (
        409,
        KEY + "repo.entityAlreadyExists",
    )
    assert hawkbit.get(root).json()["total"] == 1
    other = made(hawkbit, "other", root)
    assert hawkbit.put(other, {"name": "beta"}).status_code == 409


@BOTH
@pytest.mark.parametrize("name", ["", "n" * 257, "<script>", None])
def test_a_name_that_no_tag_has(hawkbit: Hawkbit, root: str, name: object) -> None:
    answer = hawkbit.post(root, [{"name": name}])
    assert (answer.status_code, answer.json()["errorCode"]) == (
        400,
        KEY + "repo.constraintViolation",
    )


def test_a_target_gets_a_tag_and_loses_it(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("137")
    path = made(hawkbit)
    assert hawkbit.post(f"{path}/assigned/137").status_code == 204
    assert tagged(hawkbit, path) == ["137"]
    assert hawkbit.delete(f"{path}/assigned/137").status_code == 204
    assert tagged(hawkbit, path) == []


def test_a_distribution_set_gets_a_tag_and_loses_it(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    number = distribution_set().pk
    path = made(hawkbit, root="/distributionsettags")
    assert hawkbit.post(f"{path}/assigned/{number}").status_code == 204
    assert tagged(hawkbit, path) == [number]
    assert hawkbit.delete(f"{path}/assigned/{number}").status_code == 204
    assert tagged(hawkbit, path) == []


@pytest.mark.parametrize(
    ("policy", "status", "found"),
    [
        ({}, 404, []),
        ({"onNotFoundPolicy": "FAIL"}, 404, []),
        ({"onNotFoundPolicy": "ON_WHAT_FOUND_AND_FAIL"}, 404, ["1"]),
        ({"onNotFoundPolicy": "ON_WHAT_FOUND_AND_SUCCESS"}, 204, ["1"]),
        ({"onNotFoundPolicy": "PANIC"}, 400, []),
    ],
)
def test_what_becomes_of_those_that_are_there(
    hawkbit: Hawkbit, target: TargetMaker, policy: dict[str, str], status: int, found: list[str]
) -> None:
    target("1")
    path = made(hawkbit)
    answer = hawkbit.post(f"{path}/assigned", ["1", "nobody"], **policy)
    assert answer.status_code == status
    assert tagged(hawkbit, path) == found


def test_many_lose_it_at_once(hawkbit: Hawkbit, target: TargetMaker) -> None:
    path = made(hawkbit)
    for name in ("1", "2", "3"):
        target(name)
    hawkbit.post(f"{path}/assigned", ["1", "2", "3"])
    assert hawkbit.delete(f"{path}/assigned", ["1", "3", "1"]).status_code == 204
    assert tagged(hawkbit, path) == ["2"]


def test_the_form_of_2021_answers_with_the_targets(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("1")
    path = made(hawkbit)
    answer = hawkbit.post(f"{path}/assigned", [{"controllerId": "1"}])
    assert answer.status_code == 200
    assert [each["controllerId"] for each in answer.json()] == ["1"]
    assert hawkbit.post(f"{path}/assigned", [{"controllerId": "2"}]).status_code == 404


def test_the_form_of_2021_answers_with_the_distribution_sets(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    number = distribution_set().pk
    path = made(hawkbit, root="/distributionsettags")
    answer = hawkbit.post(f"{path}/assigned", [{"id": number}])
    assert answer.status_code == 200
    assert [each["id"] for each in answer.json()] == [number]


def test_toggling_gives_it_to_all_or_takes_it_from_all(
    hawkbit: Hawkbit, target: TargetMaker
) -> None:
    path = made(hawkbit)
    for name in ("1", "2"):
        target(name)
    hawkbit.post(f"{path}/assigned/1")
    body = [{"controllerId": "1"}, {"controllerId": "2"}]
    first = hawkbit.post(f"{path}/assigned/toggleTagAssignment", body)
    assert first.status_code == 200
    assert [each["controllerId"] for each in first.json()["assignedTargets"]] == ["2"]
    second = hawkbit.post(f"{path}/assigned/toggleTagAssignment", body).json()
    assert [each["controllerId"] for each in second["unassignedTargets"]] == ["1", "2"]
    assert second["assignedTargets"] == []


def test_toggling_distribution_sets(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    number = distribution_set().pk
    path = made(hawkbit, root="/distributionsettags")
    body = [{"id": number}]
    first = hawkbit.post(f"{path}/assigned/toggleTagAssignment", body).json()
    assert [each["id"] for each in first["assignedDistributionSets"]] == [number]
    second = hawkbit.post(f"{path}/assigned/toggleTagAssignment", body).json()
    assert [each["id"] for each in second["unassignedDistributionSets"]] == [number]


def test_what_another_dialect_puts_on_a_device_is_in_the_catalogue(
    hawkbit: Hawkbit, organization: Organization
) -> None:
    device = make_device(organization)
    tags = [Attribute("site", "north", scope="tags")]
    set_tags(actor=hawkbit.actor, device=device, tags=tags, replace=False)
    (shown,) = hawkbit.get("/targettags").json()["content"]
    path = f"/targettags/{shown['id']}"
    assert shown["name"] == "site"
    assert tagged(hawkbit, path) == [str(device.id)]
    assert hawkbit.post(f"{path}/assigned/{device.id}").status_code == 204
    assert Inventory.objects.get(device=device).attributes["tags"] == {"site": "north"}


def test_what_another_dialect_puts_on_a_release_is_in_the_catalogue(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    set_release_tags(actor=hawkbit.actor, release=release, tags=["Stable"])
    (shown,) = hawkbit.get("/distributionsettags").json()["content"]
    assert shown["name"] == "stable"
    assert tagged(hawkbit, f"/distributionsettags/{shown['id']}") == [release.pk]


def test_a_renamed_tag_is_renamed_on_targets(
    hawkbit: Hawkbit, target: TargetMaker, organization: Organization
) -> None:
    device = target("137")
    path = made(hawkbit)
    hawkbit.post(f"{path}/assigned/137")
    hawkbit.put(path, {"name": "gamma"})
    assert Inventory.objects.get(device=device).attributes["tags"] == {"gamma": ""}
    assert tagged(hawkbit, path) == ["137"]


def test_a_deleted_tag_leaves_targets(hawkbit: Hawkbit, target: TargetMaker) -> None:
    device = target("137")
    path = made(hawkbit)
    hawkbit.post(f"{path}/assigned/137")
    hawkbit.delete(path)
    assert Inventory.objects.get(device=device).attributes["tags"] == {}


def test_a_renamed_tag_is_renamed_on_distribution_sets(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    release = distribution_set()
    path = made(hawkbit, root="/distributionsettags")
    hawkbit.post(f"{path}/assigned/{release.pk}")
    hawkbit.put(path, {"name": "gamma"})
    assert [tag.name for tag in release.tags.all()] == ["gamma"]
    hawkbit.delete(path)
    assert not release.tags.exists()


def test_a_target_has_only_so_many(hawkbit: Hawkbit, target: TargetMaker) -> None:
    device = target("137")
    tags = [Attribute(f"t{number}", "", scope="tags") for number in range(20)]
    set_tags(actor=hawkbit.actor, device=device, tags=tags, replace=False)
    answer = hawkbit.post(f"{made(hawkbit)}/assigned/137")
    assert (answer.status_code, answer.json()["errorCode"]) == (403, KEY + "quota.tooManyEntries")


@BOTH
@pytest.mark.parametrize("body", [b"{", [1.5], [None], [[]], {"other": 1}])
def test_a_body_that_lists_no_ids(hawkbit: Hawkbit, root: str, body: object) -> None:
    answer = hawkbit.post(f"{made(hawkbit, root=root)}/assigned", body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, KEY + "rest.body.notReadable")


@BOTH
def test_whoever_only_looks_changes_none(
    hawkbit: Hawkbit, organization: Organization, root: str
) -> None:
    path = made(hawkbit, root=root)
    viewer = hawkbit_caller(Role.VIEWER, organization)
    assert viewer.get(path).status_code == 200
    assert viewer.post(root, [{"name": "x"}]).status_code == 403
    assert viewer.put(path, {"name": "x"}).status_code == 403
    assert viewer.delete(path).status_code == 403
    assert viewer.post(f"{path}/assigned", []).status_code == 403
