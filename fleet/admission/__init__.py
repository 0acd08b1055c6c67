"""Who may be part of the fleet: keys claim identities, people judge the claims."""

from fleet.admission.enrolment import request_authorization
from fleet.admission.many import set_status_of_many
from fleet.admission.preauthorization import preauthorize
from fleet.admission.removal import decommission, decommission_many, dismiss
from fleet.admission.verdict import set_status, set_token_status
from fleet.bulk.outcomes import Outcome

__all__ = [
    "Outcome",
    "decommission",
    "decommission_many",
    "dismiss",
    "preauthorize",
    "request_authorization",
    "set_status",
    "set_status_of_many",
    "set_token_status",
]
