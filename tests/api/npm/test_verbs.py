"""PUT is refused where POST would be."""

from tests.api.hawkbit.ddi.callers import controller
from tests.api.npm.callers import Npm


def test_put_is_refused_as_post_is(npm: Npm) -> None:
    assert npm.device
    box = controller(npm.device)
    assert npm.put("/update/init", {"image": 99}).status_code == 404
    assert npm.put("/update/init").json()["error_id"] == "NO_VALID_IMAGE"
    npm.upload(b"any", version="1")
    assert npm.put("/update/start").json()["error_id"] == "INVALID_STATE"
    assert npm.put("/update/init").status_code == 200
    assert npm.put("/update/start").status_code == 200
    assert box.get(box.get().json()["_links"]["deploymentBase"]["href"]).status_code == 200
    for verb in ("init", "start", "reset"):
        answer = npm.put(f"/update/{verb}")
        assert (answer.status_code, answer.json()["error_id"]) == (409, "INVALID_STATE"), verb
