"""The admission state machine: one table for authentication sets, one ranking for devices."""

from django.db.models import TextChoices


class Admission(TextChoices):
    """The state of an authentication set; of a device, the best of its sets (`NOAUTH`: none)."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PREAUTHORIZED = "preauthorized"
    NOAUTH = "noauth", "No key"


A = Admission

# What a person may turn a set into; the same state again changes nothing.
# A preauthorized set becomes accepted only by its device's first call.
MOVES: dict[Admission, frozenset[Admission]] = {
    A.PENDING: frozenset({A.PENDING, A.ACCEPTED, A.REJECTED}),
    A.ACCEPTED: frozenset({A.PENDING, A.ACCEPTED, A.REJECTED}),
    A.REJECTED: frozenset({A.PENDING, A.ACCEPTED, A.REJECTED}),
    A.PREAUTHORIZED: frozenset(),
}

# The first of these that any set of a device is in is the state of the device.
RANKING = (A.ACCEPTED, A.PREAUTHORIZED, A.PENDING, A.REJECTED)


def best(states: set[Admission]) -> Admission:
    """The state of a device whose sets are in `states`."""
    return next((state for state in RANKING if state in states), Admission.NOAUTH)
