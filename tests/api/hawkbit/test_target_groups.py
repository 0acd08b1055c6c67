"""Groups of targets, which are those of every dialect."""

from fleet.models import Organization
from tests.api.hawkbit.callers import Hawkbit
from tests.api.hawkbit.conftest import TargetMaker
from tests.make import make_device

KEY = "hawkbit.server.error."


def members(hawkbit: Hawkbit, group: str) -> list[str]:
    page = hawkbit.get(f"/targetgroups/{group}/assigned").json()
    return [each["controllerId"] for each in page["content"]]


def test_groups_are_those_of_every_dialect(hawkbit: Hawkbit, organization: Organization) -> None:
    make_device(organization, group="hall")
    assert hawkbit.get("/targetgroups").json() == ["hall"]


def test_targets_are_put_into_a_group_and_taken_out(hawkbit: Hawkbit, target: TargetMaker) -> None:
    for name in ("1", "2", "3"):
        target(name)
    assert hawkbit.put("/targetgroups/hall/assigned", ["1", "2"]).status_code == 204
    assert hawkbit.put("/targetgroups/assigned?group=yard", ["3"]).status_code == 204
    assert members(hawkbit, "hall") == ["1", "2"]
    page = hawkbit.get("/targetgroups/assigned", group="yard", subgroups="true").json()
    assert [each["controllerId"] for each in page["content"]] == ["3"]
    assert hawkbit.delete("/targetgroups/assigned", ["1", "3"]).status_code == 204
    assert (members(hawkbit, "hall"), hawkbit.get("/targetgroups").json()) == (["2"], ["hall"])


def test_a_condition_fills_a_group(hawkbit: Hawkbit, target: TargetMaker) -> None:
    for name in ("a1", "a2", "b1"):
        target(name)
    assert hawkbit.put("/targetgroups/hall?q=controllerid==a*").status_code == 204
    assert members(hawkbit, "hall") == ["a1", "a2"]
    assert hawkbit.put("/targetgroups/hall").status_code == 400


def test_a_target_that_there_is_not(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("1")
    for path in ("/targetgroups/hall/assigned", "/targetgroups/assigned?group=hall"):
        assert hawkbit.put(path, ["1", "nobody"]).status_code == 404
    assert hawkbit.delete("/targetgroups/assigned", ["nobody"]).status_code == 404
    assert hawkbit.get("/targetgroups").json() == []


def test_a_name_that_no_group_has(hawkbit: Hawkbit, target: TargetMaker) -> None:
    target("1")
    answer = hawkbit.put("/targetgroups/hall 1/assigned", ["1"])
    assert answer.json()["errorCode"] == KEY + "repo.constraintViolation"
    assert hawkbit.put("/targetgroups/assigned", ["1"]).status_code == 400
    assert hawkbit.get("/targetgroups/assigned").status_code == 400


def test_bodies_that_list_no_ids(hawkbit: Hawkbit) -> None:
    for body in ({}, [1], "1"):
        assert hawkbit.put("/targetgroups/hall/assigned", body).status_code == 400
        assert hawkbit.delete("/targetgroups/assigned", body).status_code == 400
