"""The configuration of the tenant as hawkBit tells of it. Source: hawkBit, tenant configuration."""

from datetime import datetime
from typing import Any

from api.hawkbit.configuration import KEYS, told_value
from api.hawkbit.members import milliseconds, told
from api.hawkbit.requests import Call, link
from fleet.policies import policies_of

CONFIGS = "/rest/v1/system/configs"


def configuration(call: Call, name: str) -> dict[str, Any]:
    """The value of a key, and who set it unless it is the default (`global`)."""
    kept = call.organization.policies.get(KEYS[name].policy)
    value = told_value(name, policies_of(call.organization))
    return {
        "value": value,
        "global": kept is None,
        **(_authorship(kept) if kept else {}),
        "_links": {"self": link(call, f"{CONFIGS}/{name}")},
    }


def _authorship(kept: dict[str, Any]) -> dict[str, Any]:
    return told(
        {
            "createdBy": kept["created_by"],
            "createdAt": milliseconds(datetime.fromisoformat(kept["created_at"])),
            "lastModifiedBy": kept["modified_by"],
            "lastModifiedAt": milliseconds(datetime.fromisoformat(kept["modified_at"])),
        }
    )
