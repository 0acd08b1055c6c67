"""Jobs: how far it has come, what takes longer than a request."""

from api.v1.endpoints import Collection, Item, Need
from fleet.reach import jobs_within
from jobs.listing import JOBS
from jobs.models import JobQuerySet


class JobCollection(Collection):
    """One's own, and for administrators all of the organization."""

    listing = JOBS
    needs = {"GET": Need(None)}

    def rows(self) -> JobQuerySet:
        return jobs_within(self.actor, self.organization)


class JobItem(Item):
    listing = JOBS
    needs = {"GET": Need(None)}

    def rows(self) -> JobQuerySet:
        return jobs_within(self.actor, self.organization)
