"""What is refused of tags, types and filters that are there, and of those that are not."""

import pytest

from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.conftest import DistributionSetMaker

NOBODY = 999_999


def made(hawkbit: Hawkbit, path: str, body: object) -> int:
    answer = hawkbit.post(path, body)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    return int((told[0] if isinstance(told, list) else told)["id"])


@pytest.mark.parametrize("path", ["targettypes", "targettags", "distributionsettags"])
def test_a_name_that_another_has(hawkbit: Hawkbit, path: str) -> None:
    hawkbit.post(f"/{path}", [{"name": "one", "key": "one"}])
    number = made(hawkbit, f"/{path}", [{"name": "two", "key": "two"}])
    assert hawkbit.put(f"/{path}/{number}", {"name": "one"}).status_code == 409
    assert hawkbit.put(f"/{path}/{number}", {"name": ""}).status_code == 400
    assert hawkbit.put(f"/{path}/{NOBODY}", {"name": "x"}).status_code == 404
    assert hawkbit.get(f"/{path}", q="nosuch==1").status_code == 400


def test_a_filter_named_as_another(hawkbit: Hawkbit) -> None:
    made(hawkbit, "/targetfilters", {"name": "one", "query": "name==*"})
    number = made(hawkbit, "/targetfilters", {"name": "two", "query": "name==*"})
    assert hawkbit.put(f"/targetfilters/{number}", {"name": "one"}).status_code == 409


def test_types_of_sets_with_the_same_key(hawkbit: Hawkbit) -> None:
    body = [{"key": "mine", "name": "mine"}]
    number = made(hawkbit, "/distributionsettypes", body)
    assert hawkbit.post("/distributionsettypes", body).status_code == 409
    more = [{"key": "x", "name": "x", "mandatorymodules": [{"id": NOBODY}]}]
    assert hawkbit.post("/distributionsettypes", more).status_code == 404
    for part in ("mandatory", "optional"):
        path = f"/distributionsettypes/{number}/{part}moduletypes"
        assert hawkbit.post(path, {"id": NOBODY}).status_code == 404
        assert hawkbit.delete(f"{path}/{NOBODY}").status_code == 404
        module_type = made(hawkbit, "/softwaremoduletypes", [{"key": part, "name": part}])
        assert hawkbit.post(path, {"id": module_type}).status_code == 204
        assert hawkbit.delete(f"{path}/{module_type}").status_code == 204


def test_metadata_of_sets(hawkbit: Hawkbit, distribution_set: DistributionSetMaker) -> None:
    path = f"/distributionsets/{distribution_set().pk}/metadata"
    entry = [{"key": "k", "value": "v"}]
    assert hawkbit.post(path, entry).status_code == 201
    assert hawkbit.post(path, entry).status_code == 409
    assert hawkbit.put(f"{path}/nosuch", {"value": "v"}).status_code == 404
    assert hawkbit.get(f"{path}/nosuch").status_code == 404
    assert hawkbit.delete(f"{path}/nosuch").status_code == 404


def test_many_sets_get_a_tag_and_lose_it(
    hawkbit: Hawkbit, distribution_set: DistributionSetMaker
) -> None:
    number = distribution_set().pk
    tag = made(hawkbit, "/distributionsettags", [{"name": "beta"}])
    path = f"/distributionsettags/{tag}/assigned"
    assert hawkbit.post(path, [number]).status_code == 204
    assert hawkbit.delete(path, [number]).status_code == 204
    assert hawkbit.post(path, [NOBODY]).status_code == 404
    assert hawkbit.delete(path, [NOBODY]).status_code == 404
    assert hawkbit.post(f"{path}/{NOBODY}").status_code == 404
    toggle = f"{path}/toggleTagAssignment"
    assert hawkbit.post(toggle, [{"id": NOBODY}]).status_code == 404
