"""Something of everything that hawkBit's APIs name, for tools that look at all of it."""

import json
from collections import defaultdict

from fleet.models import Organization
from fleet.policies import set_policies
from tests.api.hawkbit.callers import hawkbit_caller
from tests.hawkbit_possessions import possess
from tests.make import make_actor, make_target

SOME = 6
TOKEN = "0123456789abcdef"


def inhabit() -> None:
    """Print, as JSON, who may ask and what there is, by the names of parameters."""
    organization = Organization.objects.get()
    policies = {"target_token_enabled": True, "gateway_token_enabled": True, "gateway_token": TOKEN}
    set_policies(actor=make_actor(organization), organization=organization, values=policies)
    member = hawkbit_caller(organization=organization)
    known: dict[str, list[str]] = defaultdict(list)
    for number in range(SOME):
        for name, value in possess(member, f"some{number}").known.items():
            known[name].append(value)
    for number in range(SOME):
        known["controller_id"].append(make_target(organization, f"other{number}").controller_id)
    known["tenant"] = [organization.key]
    headers = {"person": member.authorization, "device": f"GatewayToken {TOKEN}"}
    print(json.dumps({"headers": headers, "known": known}))
