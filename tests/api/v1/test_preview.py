"""What a deployment would do, told before it is made."""

from typing import Any

import pytest

from deployments.models import Deployment
from tests.api.v1.bounds import bounded
from tests.api.v1.callers import Caller, caller
from tests.make import make_artifact, make_device, make_filter, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> Caller:
    found = caller()
    release = make_artifact(make_release(found.organization, name="r1")).release
    make_device(found.organization, device_type="board", software=release.name)
    make_device(found.organization, device_type="plank", name="a plank")
    for _ in range(8):
        make_device(found.organization, device_type="board", group="lab")
    return found


def body(**facts: Any) -> dict[str, Any]:
    return {"name": "x", "release_name": "r1", "target": "all"} | facts


def test_it_says_who_will_and_who_will_not(admin: Caller) -> None:
    told = admin.post("/deployments/preview", body()).json()
    assert (told["devices"], told["will"], told["later"], told["never"]) == (10, 8, 0, 2)
    misfit, has_it = sorted(told["left_out"], key=lambda each: each["reason"], reverse=True)
    assert misfit == {
        "reason": "nothing_fits",
        "devices": 1,
        "names": ["a plank"],
        "device_type": "plank",
    }
    assert (has_it["reason"], has_it["device_type"]) == ("already_installed", None)
    assert told["problem"] is None
    assert not Deployment.objects.exists()


def test_it_says_how_the_phases_cut(admin: Caller) -> None:
    phases = [{"percent": 20}, {"starts_at": "2099-01-01T00:00:00Z"}]
    told = admin.post("/deployments/preview", body(phases=phases)).json()["phases"]
    assert [(each["position"], each["devices"], each["quota"]) for each in told] == [
        (1, 2, 2),
        (2, 8, None),
    ]
    assert told[1]["starts_at"] == "2099-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"release_name": "none"}, "no_artifact"),
        ({"phases": [{"percent": 1}, {"starts_at": "2099-01-01T00:00:00Z"}]}, "empty_phase"),
        ({"target": "group", "group": "nobody"}, "no_devices"),
    ],
)
def test_a_problem_is_what_making_it_would_be_refused_with(
    admin: Caller, facts: dict[str, Any], code: str
) -> None:
    told = admin.post("/deployments/preview", body(**facts)).json()
    assert (told["problem"]["code"], told["phases"]) == (code, [])
    assert admin.post("/deployments", body(**facts)).json()["code"] == code


def test_for_a_condition_or_a_filter(admin: Caller) -> None:
    chosen = body(target="devices", q="group==lab")
    assert admin.post("/deployments/preview", chosen).json()["devices"] == 8
    saved = make_filter(admin.organization)
    dynamic = body(target="filter", filter_id=str(saved.id), max_devices=3)
    told = admin.post("/deployments/preview", dynamic).json()
    assert (told["devices"], told["phases"][0]["quota"]) == (0, 3)


def test_it_takes_what_making_one_takes(admin: Caller) -> None:
    told = admin.post("/deployments/preview", {"target": "all", "speed": 1}).json()
    assert told["code"] == "invalid_body"
    assert {error["field"] for error in told["errors"]} >= {"speed"}


def test_within_bounds_only_what_may_be_made(admin: Caller) -> None:
    deployer = bounded(admin.organization, "DeployToDevices", "DeviceGroups", "lab")
    within = body(target="group", group="lab")
    assert deployer.post("/deployments/preview", within).json()["devices"] == 8
    assert deployer.post("/deployments/preview", body()).status_code == 403
