"""Who may be part of the fleet: keys claim identities, people judge the claims."""

from fleet.admission.enrolment import request_authorization
from fleet.admission.many import Outcome, set_status_of_many
from fleet.admission.preauthorization import preauthorize
from fleet.admission.removal import decommission, dismiss
from fleet.admission.verdict import set_status

__all__ = [
    "Outcome",
    "decommission",
    "dismiss",
    "preauthorize",
    "request_authorization",
    "set_status",
    "set_status_of_many",
]
