"""What clients ask an appliance before anything else."""

from api.npm.views.common import SERIALS
from fleet.models import Device, Inventory
from tests.api.npm.callers import BASE, Npm

COMMON = "/api/common/1.0"


def test_how_to_sign_in_and_what_there_is_anybody_may_ask(device: Device) -> None:
    nobody = Npm("", device)
    assert nobody.get(f"{COMMON}/auth_info").json() == {"supported_methods": ["BASIC"]}
    assert nobody.get(f"{COMMON}/services").json() == [
        {"id": "common", "versions": ["1.0"]},
        {"id": "npm.system_update", "versions": ["2.0"]},
    ]


def test_a_service_says_what_it_has(device: Device) -> None:
    nobody = Npm("", device)
    common, service = nobody.get(COMMON).json(), nobody.get(BASE).json()
    assert common["name"] == "common"
    assert service["id"] == "http://support.riverbed.com/apis/npm.system_update/2.0"
    assert service["$schema"] == "http://support.riverbed.com/apis/service_def/2.2"
    assert service["provider"] == "riverbed"
    resources = service["resources"]
    assert set(resources) == {"image", "images", "update"}
    assert resources["image"]["links"]["self"] == {"path": "$/images/items/{id}"}
    assert resources["image"]["links"]["get"]["response"] == {"$ref": "#/resources/image"}
    assert resources["images"]["properties"]["items"]["items"] == {"$ref": "#/resources/image"}
    assert set(resources["images"]["links"]) == {"self", "get", "fetch", "upload"}
    assert set(resources["update"]["links"]) == {"self", "get", "init", "start", "reset"}
    assert resources["update"]["required"] == [
        *("state", "state_description", "last_state_time", "update_history"),
    ]
    assert b"components" not in nobody.get(BASE).content


def test_the_appliance_says_what_it_is(npm: Npm, device: Device) -> None:
    about = {"device_name": "probe", "model": "AR11", "serial": "", "sw_version": ""}
    assert npm.get(f"{COMMON}/info").json() == about
    Inventory.objects.create(device=device, attributes={"inventory": {SERIALS[0]: "S-1"}})
    Device.objects.update(sensor_version="11.2")
    known = {"serial": "S-1", "sw_version": "11.2"}
    assert npm.get(f"{COMMON}/info").json() == about | known
    assert Npm("", device).get(f"{COMMON}/info").status_code == 401


def test_a_path_that_there_is_not(npm: Npm) -> None:
    for path in (
        "/api/common/9",
        "/api/npm.system_update/1.0/images",
        f"{BASE}/images/",
        "/api/npm",
    ):
        answer = npm.get(path)
        assert (answer.status_code, answer.json()["error_id"]) == (404, "RESOURCE_NOT_FOUND"), path


def test_a_method_that_there_is_not(npm: Npm) -> None:
    for path, allowed in {
        "/images": "GET, HEAD, OPTIONS",
        "/images/fetch": "OPTIONS, POST, PUT",
    }.items():
        answer = npm.send("PATCH", path)
        assert (answer.status_code, answer.json()["error_id"]) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["Allow"] == allowed
        assert npm.send("OPTIONS", path).status_code == 204
    assert Npm("", None).post(f"{COMMON}/services").status_code == 405
