"""One of everything that addresses of hawkBit's APIs name, made through the API itself."""

import re
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client

from tests.api.hawkbit.callers import Hawkbit, address

OPTIONAL = "/rest/v1/distributionsettypes/{type_id}/optionalmoduletypes/{part_id}"
PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Possessions:
    """By the name of the parameter, with the path in front where that alone does not tell, or as
    far as its first parameter: `{"controller_id": "t1", "/rest/v1/targettags tag_id": "4"}`."""

    known: dict[str, str]

    def at(self, path: str) -> str:
        """The path with what there is in the place of its parameters."""
        root = path.partition("/{")[0]

        def named(found: re.Match[str]) -> str:
            name = found[1]
            for place in (f"{path} {name}", f"{root} {name}", name):
                if place in self.known:
                    return self.known[place]
            raise LookupError(f"{path}: say in `possess` what {name} is")

        return PARAMETER.sub(named, path)


def possess(hawkbit: Hawkbit, prefix: str) -> Possessions:
    """Make them; `prefix` tells the names of one organization's from those of another's."""
    ids = {"tenant": hawkbit.organization.key, "key": f"{prefix}key", "group": f"{prefix}group"}
    ids |= _repository(hawkbit, prefix)
    ids |= _targets(hawkbit, prefix, ids)
    rollout = {
        "name": f"{prefix}rollout",
        "targetFilterQuery": f"controllerid=={prefix}*",
        "distributionSetId": int(ids["set_id"]),
        "amountGroups": 1,
    }
    ids["rollout_id"] = _one(hawkbit, "/rollouts", rollout)
    groups = hawkbit.get(f"/rollouts/{ids['rollout_id']}/deploygroups").json()
    ids["group_id"] = str(groups["content"][0]["id"])
    query = {"name": f"{prefix}filter", "query": "name==*"}
    ids["filter_id"] = _one(hawkbit, "/targetfilters", query)
    # A key of the configuration is everybody's.
    ids["/rest/v1/system/configs key"] = "pollingTime"
    return Possessions(ids)


def put_away(response: HttpResponseBase) -> None:
    """Close the file that it sends, and not the database as the end of a request does."""
    for close in response._resource_closers:
        close()


def _repository(hawkbit: Hawkbit, prefix: str) -> dict[str, str]:
    part = {"key": f"{prefix}part", "name": f"{prefix}part"}
    module_type = _one(hawkbit, "/softwaremoduletypes", [part])
    optional = {"key": f"{prefix}more", "name": f"{prefix}more"}
    optional_type = _one(hawkbit, "/softwaremoduletypes", [optional])
    facts = {
        "key": f"{prefix}whole",
        "name": f"{prefix}whole",
        "mandatorymodules": [{"id": int(module_type)}],
        "optionalmodules": [{"id": int(optional_type)}],
    }
    set_type = _one(hawkbit, "/distributionsettypes", [facts])
    named = {"name": f"{prefix}fw", "version": "1"}
    module = _one(hawkbit, "/softwaremodules", [{**named, "type": f"{prefix}part"}])
    file = _file(hawkbit, module)
    body = {**named, "type": f"{prefix}whole", "modules": [{"id": int(module)}]}
    distribution_set = _one(hawkbit, "/distributionsets", [body])
    for owner in (f"/distributionsets/{distribution_set}", f"/softwaremodules/{module}"):
        hawkbit.post(f"{owner}/metadata", [{"key": f"{prefix}key", "value": "v"}])
    tag = _one(hawkbit, "/distributionsettags", [{"name": f"{prefix}tag"}])
    hawkbit.post(f"/distributionsettags/{tag}/assigned/{distribution_set}")
    return {
        "/rest/v1/softwaremoduletypes type_id": module_type,
        "/rest/v1/distributionsettypes type_id": set_type,
        "set_type_id": set_type,
        "part_id": module_type,
        f"{OPTIONAL} part_id": optional_type,
        "module_id": module,
        "module": module,
        "file_id": file,
        "filename": "a.bin",
        "set_id": distribution_set,
        "/rest/v1/softwaremodules number": module,
        "/rest/v1/distributionsets number": distribution_set,
        "/rest/v1/distributionsettags tag_id": tag,
    }


def _targets(hawkbit: Hawkbit, prefix: str, ids: dict[str, str]) -> dict[str, str]:
    kind = {
        "name": f"{prefix}kind",
        "compatibledistributionsettypes": [{"id": int(ids["set_type_id"])}],
    }
    target_type = _one(hawkbit, "/targettypes", [kind])
    controller_id = f"{prefix}target"
    target = {
        "controllerId": controller_id,
        "name": controller_id,
        "targetType": int(target_type),
        "group": f"{prefix}group",
    }
    assert hawkbit.post("/targets", [target]).status_code == 201
    entry = [{"key": f"{prefix}key", "value": "v"}]
    hawkbit.post(f"/targets/{controller_id}/metadata", entry)
    tag = _one(hawkbit, "/targettags", [{"name": f"{prefix}tag"}])
    hawkbit.post(f"/targettags/{tag}/assigned/{controller_id}")
    wish = {"id": int(ids["set_id"])}
    assigned = hawkbit.post(f"/targets/{controller_id}/assignedDS", wish).json()
    action = str(assigned["assignedActions"][0]["id"])
    return {
        "controller_id": controller_id,
        "action_id": action,
        "action": action,
        "/rest/v1/targettypes type_id": target_type,
        "/rest/v1/targettags tag_id": tag,
    }


def _one(hawkbit: Hawkbit, path: str, body: Any) -> str:
    answer = hawkbit.post(path, body)
    assert answer.status_code == 201, (path, answer.status_code, answer.content)
    made = answer.json()
    return str((made[0] if isinstance(made, list) else made)["id"])


def _file(hawkbit: Hawkbit, module: str) -> str:
    sender = Client(headers={"authorization": hawkbit.authorization})
    file = SimpleUploadedFile("a.bin", b"some bytes")
    answer = sender.post(address(f"/softwaremodules/{module}/artifacts"), {"file": file})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])
