"""RSQL as a language that conditions on devices are written in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Q

from api.hawkbit.listing.targets import TARGETS
from api.hawkbit.rsql.errors import NoSuchField
from api.hawkbit.rsql.macros import MOVING, Clock
from api.hawkbit.rsql.parsing import parse
from fleet.errors import Invalid
from fleet.models import Organization
from fleet.policies import policies_of
from query.compiling import compiled
from query.fiql.errors import Misread
from query.fiql.sentences import LIMITS, Limits
from query.searching import folded

# Fields that follow the time by which phases open.
BY_THE_CLOCK = ("updatestatus", "assignedds")


class Rsql:
    """As `fleet.languages.Spoken` has it."""

    longest = 1024

    def condition(
        self,
        organization: Organization,
        text: str,
        *,
        now: datetime,
        field: str,
        limits: Limits = LIMITS,
    ) -> Q:
        with read_as_invalid(field):
            condition = parse(text, TARGETS, clock_of(organization, now), limits)
        return compiled(condition, TARGETS.target_of)

    def is_moving(self, text: str) -> bool:
        return any(word in folded(text) for word in (*MOVING, *BY_THE_CLOCK))


def clock_of(organization: Organization, now: datetime) -> Clock:
    """The time, and what the organization calls overdue: asked for only by who wants to know."""

    def silence() -> int:
        known = Organization.objects.only("policies").get(pk=organization.pk)
        policies = policies_of(known)
        return policies.polling_time + policies.polling_overdue_time

    return Clock(now, silence)


@contextmanager
def read_as_invalid(field: str) -> Iterator[None]:
    """Raises Invalid: "rsql_syntax", or "rsql_field" for a field or a word that there is not."""
    try:
        yield
    except Misread as error:
        details = {
            "position": error.position,
            "found": error.found,
            "expected": list(error.expected),
        }
        if isinstance(error, NoSuchField):
            raise Invalid("rsql_field", error.message, field=field, details=details) from error
        raise Invalid("rsql_syntax", error.message, field=field, details=details) from error
