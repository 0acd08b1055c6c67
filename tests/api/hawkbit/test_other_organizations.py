"""Another organization's things are not there: every address with an id in it is tried.

A new address is tried without being named here as long as its parameters are made in
tests/hawkbit_possessions.py.
"""

from typing import Any

import pytest
from django.test import Client

from api.hawkbit.openapi.document import OPERATIONS
from api.hawkbit.openapi.operations import DEVICE, ROOT
from fleet.models import Organization
from fleet.policies import set_policies
from tests.api.hawkbit.callers import Hawkbit, hawkbit_caller
from tests.hawkbit_possessions import Possessions, possess, put_away
from tests.two_organizations import kept_of

CONFIG = f"{ROOT}/system/configs/{{key}}"
WITH_IDS = [each for each in OPERATIONS if "{" in each.path and each.path != CONFIG]
TOKEN = "0123456789abcdef"
STATUS = {"status": {"execution": "closed", "result": {"finished": "success"}}}
# What is asked for with a body that would do, where `{}` would not.
BODIES: dict[str, Any] = {
    "POST /rest/v1/targets/{controller_id}/targettype": {"id": 1},
    "POST /rest/v1/targets/{controller_id}/assignedDS": {"id": 1},
    "POST /rest/v1/targets/{controller_id}/metadata": [{"key": "k", "value": "v"}],
    "PUT /rest/v1/targets/{controller_id}/metadata/{key}": {"value": "v"},
    "PUT /rest/v1/targets/{controller_id}/actions/{action_id}": {"forceType": "forced"},
    "PUT /rest/v1/targets/{controller_id}/actions/{action_id}/confirmation": {
        "confirmation": "confirmed"
    },
    "POST /rest/v1/distributionsets/{set_id}/assignedTargets": [{"id": "mytarget"}],
    "POST /rest/v1/distributionsets/{set_id}/assignedSM": [{"id": 1}],
    "POST /rest/v1/distributionsets/{set_id}/invalidate": {"actionCancelationType": "none"},
    "POST /rest/v1/distributionsets/{number}/metadata": [{"key": "k", "value": "v"}],
    "PUT /rest/v1/distributionsets/{number}/metadata/{key}": {"value": "v"},
    "POST /rest/v1/softwaremodules/{number}/metadata": [{"key": "k", "value": "v"}],
    "PUT /rest/v1/softwaremodules/{number}/metadata/{key}": {"value": "v"},
    "POST /rest/v1/distributionsettypes/{type_id}/mandatorymoduletypes": {"id": 1},
    "POST /rest/v1/distributionsettypes/{type_id}/optionalmoduletypes": {"id": 1},
    "POST /rest/v1/targettypes/{type_id}/compatibledistributionsettypes": [{"id": 1}],
    "POST /rest/v1/targettags/{tag_id}/assigned": ["mytarget"],
    "DELETE /rest/v1/targettags/{tag_id}/assigned": ["mytarget"],
    "POST /rest/v1/targettags/{tag_id}/assigned/toggleTagAssignment": [
        {"controllerId": "mytarget"}
    ],
    "POST /rest/v1/distributionsettags/{tag_id}/assigned": [1],
    "DELETE /rest/v1/distributionsettags/{tag_id}/assigned": [1],
    "POST /rest/v1/distributionsettags/{tag_id}/assigned/toggleTagAssignment": [{"id": 1}],
    "POST /rest/v1/targetfilters/{filter_id}/autoAssignDS": {"id": 1},
    f"PUT {DEVICE}/configData": {"data": {"k": "v"}},
    f"PUT {DEVICE}/installedBase": {"name": "theirfw", "version": "1"},
    f"POST {DEVICE}/deploymentBase/{{action}}/feedback": STATUS,
    f"POST {DEVICE}/cancelAction/{{action}}/feedback": STATUS,
    f"POST {DEVICE}/confirmationBase/{{action}}/feedback": {"confirmation": "confirmed"},
}
# Groups are names: one of ours may be called so too, and has none of their targets.
OTHERWISE = {
    "GET /rest/v1/targetgroups/{group}/assigned": 200,
    "PUT /rest/v1/targetgroups/{group}/assigned": 204,
    "PUT /rest/v1/targetgroups/{group}": 204,
}
NOBODY: dict[str, Any] = {
    "PUT /rest/v1/targetgroups/{group}/assigned": [],
    "PUT /rest/v1/targetgroups/{group}": None,
}


@pytest.fixture
def theirs(db: None) -> tuple[Organization, Possessions]:
    owner = hawkbit_caller()
    return owner.organization, possess(owner, "their")


def test_what_others_have_is_not_there(
    hawkbit: Hawkbit, theirs: tuple[Organization, Possessions]
) -> None:
    organization, possessions = theirs
    possess(hawkbit, "my")
    before = kept_of(organization)
    found = {}
    for operation in WITH_IDS:
        if not operation.path.startswith(ROOT):
            continue
        name = f"{operation.method} {operation.path}"
        body = NOBODY[name] if name in NOBODY else BODIES.get(name, {})
        facts: dict[str, Any] = {"q": "name==their*"} if name.endswith("{group}") else {}
        if operation.body and not operation.body.is_json:
            facts["content_type"] = "multipart/form-data; boundary=x"
        answer = hawkbit.send(operation.method, possessions.at(operation.path), body, **facts)
        if answer.status_code != OTHERWISE.get(name, 404):
            found[name] = (answer.status_code, answer.content[:200])
        assert b"theirtarget" not in b"".join(answer) or answer.status_code == 404
    assert found == {}
    assert kept_of(organization) == before


def test_what_others_have_cannot_be_named_in_a_body(
    hawkbit: Hawkbit, theirs: tuple[Organization, Possessions]
) -> None:
    organization, possessions = theirs
    mine = possess(hawkbit, "my")
    before = kept_of(organization)
    for path, body in _naming(possessions):
        answer = hawkbit.post(mine.at(path), body)
        assert answer.status_code < 500, (path, answer.content)
        assert answer.status_code != 201, (path, answer.content)
        assert b"their" not in answer.content or answer.status_code == 404, (path, answer.content)
    for path in [each.path for each in WITH_IDS if each.method == "GET"]:
        if path.startswith(ROOT):
            answer = hawkbit.get(mine.at(path))
            assert b"their" not in b"".join(answer), path
            put_away(answer)
    assert kept_of(organization) == before


def _naming(theirs: Possessions) -> list[tuple[str, Any]]:
    """Calls about what is ours, that name what is theirs."""
    root = f"{ROOT}/"
    the_set = {"id": int(theirs.known["set_id"])}
    module = {"id": int(theirs.known["module"])}
    module_type = {"id": int(theirs.known["part_id"])}
    set_type = {"id": int(theirs.known["set_type_id"])}
    target_type = {"id": int(theirs.known["/rest/v1/targettypes type_id"])}
    rollout = {"name": "r", "targetFilterQuery": "id==*", "amountGroups": 1}
    named = {"name": "n", "version": "1", "type": "mywhole"}
    return [
        (f"{root}targets/{{controller_id}}/assignedDS", the_set),
        (f"{root}targets/{{controller_id}}/targettype", target_type),
        (f"{root}targets", [{"controllerId": "n", "targetType": target_type["id"]}]),
        (f"{root}distributionsets/{{set_id}}/assignedTargets", [{"id": "theirtarget"}]),
        (f"{root}distributionsets/{{set_id}}/assignedSM", [module]),
        (f"{root}distributionsets", [named | {"modules": [module]}]),
        (f"{root}distributionsets", [named | {"type": "theirwhole"}]),
        (f"{root}softwaremodules", [named | {"type": "theirpart"}]),
        (f"{root}distributionsettypes/{{type_id}}/mandatorymoduletypes", module_type),
        (f"{root}distributionsettypes/{{type_id}}/optionalmoduletypes", module_type),
        (
            f"{root}distributionsettypes",
            [{"key": "n", "name": "n", "mandatorymodules": [module_type]}],
        ),
        (f"{root}targettypes/{{type_id}}/compatibledistributionsettypes", [set_type]),
        (f"{root}targettypes", [{"name": "n", "compatibledistributionsettypes": [set_type]}]),
        (f"{root}targettags/{{tag_id}}/assigned", ["theirtarget"]),
        (f"{root}distributionsettags/{{tag_id}}/assigned", [the_set["id"]]),
        (f"{root}targetfilters/{{filter_id}}/autoAssignDS", the_set),
        (f"{root}rollouts", rollout | {"distributionSetId": the_set["id"]}),
    ]


def test_devices_of_others_are_not_there(
    organization: Organization, hawkbit: Hawkbit, theirs: tuple[Organization, Possessions]
) -> None:
    """Asked with our own gateway's token, below our own tenant and below theirs."""
    policies = {"gateway_token_enabled": True, "gateway_token": TOKEN}
    set_policies(actor=hawkbit.actor, organization=organization, values=policies)
    other, possessions = theirs
    before = kept_of(other)
    client = Client(headers={"authorization": f"GatewayToken {TOKEN}"})
    for operation in WITH_IDS:
        if not operation.path.startswith(DEVICE):
            continue
        name, path = f"{operation.method} {operation.path}", possessions.at(operation.path)
        facts = {"data": BODIES.get(name, {}), "content_type": "application/json"}
        method = getattr(client, operation.method.lower())
        answer = method(path, **(facts if operation.body else {}))
        assert answer.status_code == 401, name
        if operation.path == DEVICE:
            continue  # whom nobody knows, the gateway's token registers
        mine = path.replace(f"/{other.key}/", f"/{organization.key}/", 1)
        answer = method(mine, **(facts if operation.body else {}))
        assert answer.status_code == 404, name
    assert kept_of(other) == before


def test_one_s_own_are_there(theirs: tuple[Organization, Possessions]) -> None:
    """The same ids asked for by their owner: the tests above do not pass for a wrong reason."""
    organization, possessions = theirs
    owner = hawkbit_caller(organization=organization)
    for operation in WITH_IDS:
        if operation.method == "GET" and operation.path.startswith(ROOT):
            answer = owner.get(possessions.at(operation.path))
            assert answer.status_code in {200, 204}, operation.path
            put_away(answer)
