"""Something of everything that Carbon Black's APIs name, for tools that look at all of it."""

import json
from collections import defaultdict

from fleet.access_tokens import issue_personal
from fleet.models import Organization
from fleet.people import actor_of
from tests.api.carbonblack.callers import CarbonBlack
from tests.api.carbonblack.possessions import possess
from tests.make import make_user

SOME = 6


def inhabit() -> None:
    """Print, as JSON, who may ask and what there is, by the names of parameters."""
    organization = Organization.objects.get()
    membership = make_user(organization=organization).memberships.get()
    token = issue_personal(actor=actor_of(membership), membership=membership, name="script")
    # Exports are seen by who has asked for them alone.
    script = CarbonBlack(organization)
    script.come_with(authorization=f"Bearer {token}")
    known: dict[str, list[str]] = defaultdict(list)
    for _ in range(SOME):
        for name, value in possess(script).known.items():
            known[name].append(value)
    known["org_key"] = [organization.key]
    print(json.dumps({"authorization": f"Bearer {token}", "known": known}))
