"""Every code that this API answers with: its status, and what to make of it.

The one source of the documentation of errors, and of the statuses. A module for each area; the
tests collect the codes that the source raises and miss none.
"""

from api.v1.codes import deployments, devices, exports, organizations, releases, webhooks, wire
from api.v1.codes.entry import Code

AREAS: dict[str, dict[str, Code]] = {
    "Calls": wire.CODES,
    "Organizations and people": organizations.CODES,
    "Devices": devices.CODES,
    "Releases and artifacts": releases.CODES,
    "Deployments": deployments.CODES,
    "Webhooks": webhooks.CODES,
    "Exports": exports.CODES,
}
CODES: dict[str, Code] = {name: code for area in AREAS.values() for name, code in area.items()}


def code_of(name: str, status: int) -> Code:
    """The entry of the table; for a code that is not in it, one that answers with `status`."""
    return CODES.get(name) or Code(status, name.replace("_", " ").capitalize(), "")
