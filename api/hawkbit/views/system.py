"""The configuration of the tenant, and who calls. Source: hawkBit, tenant configuration."""

from typing import Any

from api.hawkbit.configuration import GATEWAY_KEY, KEYS, key_of, value_of
from api.hawkbit.errors import not_readable
from api.hawkbit.requests import Call, json_object
from api.hawkbit.resources import NOTHING, Answer, Resource
from api.hawkbit.rights import PERMISSIONS, Right, holds
from api.hawkbit.shapes.system import configuration
from fleet.errors import Forbidden
from fleet.policies import reset_policy, set_policies

READ, CHANGE = (Right.READ_TENANT_CONFIGURATION,), (Right.TENANT_CONFIGURATION,)
GATEWAY_RIGHT = Right.READ_GATEWAY_SECURITY_TOKEN


class Configurations(Resource):
    """All keys; the gateway's is left out for whoever may not read it."""

    needs = {"GET": READ, "PUT": CHANGE}

    def get(self, call: Call) -> dict[str, Any]:
        may_read = holds(call.actor, GATEWAY_RIGHT)
        names = [name for name in KEYS if may_read or name != GATEWAY_KEY]
        return {name: configuration(call, name) for name in names}

    def put(self, call: Call) -> dict[str, Any]:
        """A map from keys to values, all of which are set or none."""
        values = {name: _unwrapped(value) for name, value in json_object(call).items()}
        _set(call, values)
        return {name: configuration(call, name) for name in values}


class OneConfiguration(Resource):
    needs = {"GET": READ, "PUT": CHANGE, "DELETE": CHANGE}

    def get(self, call: Call, key: str) -> dict[str, Any]:
        key_of(key)
        if key == GATEWAY_KEY and not holds(call.actor, GATEWAY_RIGHT):
            text = f"This call needs {GATEWAY_RIGHT} ({PERMISSIONS[GATEWAY_RIGHT]})."
            raise Forbidden("forbidden", text)
        return configuration(call, key)

    def put(self, call: Call, key: str) -> dict[str, Any]:
        key_of(key)
        body = json_object(call)
        if "value" not in body:
            raise not_readable()
        _set(call, {key: body["value"]})
        return configuration(call, key)

    def delete(self, call: Call, key: str) -> Answer:
        """Back to its default."""
        policy = key_of(key).policy
        reset_policy(actor=call.actor, organization=call.organization, name=policy)
        return NOTHING


class UserInfo(Resource):
    needs = {"GET": ()}

    def get(self, call: Call) -> dict[str, Any]:
        return {"tenant": call.organization.key, "username": call.actor.name}


def _set(call: Call, values: dict[str, Any]) -> None:
    policies = {KEYS[name].policy: value for name, value in _read(values)}
    set_policies(actor=call.actor, organization=call.organization, values=policies)


def _read(values: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value_of(name, value)) for name, value in values.items()]


def _unwrapped(value: Any) -> Any:
    """Some clients send what they were told: an object with the value in it."""
    return value["value"] if isinstance(value, dict) and "value" in value else value
