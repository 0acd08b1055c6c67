"""The fleet in numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from fleet.models import Device, Organization
from fleet.states import Admission

# As people ask for them: what counts first.
ORDER = (
    Admission.ACCEPTED,
    Admission.PENDING,
    Admission.PREAUTHORIZED,
    Admission.REJECTED,
    Admission.NOAUTH,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """`by_state` has every state; seen and silent count accepted devices."""

    by_state: dict[Admission, int]
    seen_last_hour: int
    silent_for_a_day: int
    first_pending_at: datetime | None

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def accepted(self) -> int:
        return self.by_state[Admission.ACCEPTED]

    @property
    def pending(self) -> int:
        return self.by_state[Admission.PENDING]


def figures_of(organization: Organization) -> Figures:
    """Count in one query."""
    now = timezone.now()
    accepted = Q(status=Admission.ACCEPTED)
    row = Device.objects.of(organization).aggregate(
        **{state: Count("number", filter=Q(status=state)) for state in Admission.values},
        seen=Count("number", filter=accepted & Q(contact__seen_at__gte=now - HOUR)),
        heard=Count("number", filter=accepted & Q(contact__seen_at__gte=now - DAY)),
        first=Min("created_at", filter=Q(status=Admission.PENDING)),
    )
    by_state = {state: row[state.value] for state in ORDER}
    return Figures(by_state, row["seen"], by_state[Admission.ACCEPTED] - row["heard"], row["first"])
