"""The order of locks, kept by calls with `If-Match` too: whoever takes them otherwise waits for
whoever waits for them.
"""

from typing import Any

from django.db.models import Model

from api.v1.endpoints import Item
from fleet.models import Organization


class LockedWithOrganization(Item):
    """A thing whose operations lock the organization before it."""

    def _locked(self, row: Model, **names: Any) -> Model:
        rows = Organization.objects.select_for_update(no_key=True)
        rows.get(pk=self.organization.pk)
        return super()._locked(row, **names)
