"""Which devices are meant: each by its id, or all that match a condition."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, Max
from django.utils import timezone

from fleet.bulk.outcomes import each_once
from fleet.conditions import devices_matching
from fleet.errors import Invalid
from fleet.models import Organization
from fleet.models.device import DeviceQuerySet


@dataclass(frozen=True, slots=True)
class Choice:
    """`ids`, or `q`, a condition in FIQL that is read as of `now`: one of both is not None.

    In an organization's devices; who may change which of them is asked of those within reach.
    """

    organization: Organization
    ids: tuple[UUID, ...] | None = None
    q: str | None = None
    now: datetime | None = None

    def few(self, within: DeviceQuerySet, most: int) -> list[UUID] | None:
        """The ids of at most so many, None if there are more; raises Invalid (field "q")."""
        if self.ids is not None:
            ids = each_once(self.ids)
        else:
            found = self._matching(within).order_by("number").values_list("id", flat=True)
            ids = list(found[: most + 1])
        return ids if len(ids) <= most else None

    def noted(self, within: DeviceQuerySet) -> dict[str, Any]:
        """As JSON, for a job. What becomes known after this moment is not meant."""
        if self.ids is not None:
            return {"ids": [str(id_) for id_ in each_once(self.ids)]}
        found = self._matching(within).order_by()
        bounds = found.aggregate(total=Count("number"), last=Max("number"))
        return {"q": self.q, "now": timezone.now().isoformat(), **bounds}

    def _matching(self, within: DeviceQuerySet) -> DeviceQuerySet:
        return devices_matching(within, self.organization, self.q or "", now=self.now)


@dataclass(frozen=True, slots=True)
class Walk:
    """What a job was told to go through: `total` devices, in batches behind one another."""

    choice: Choice
    total: int
    last: int

    @classmethod
    def again(cls, organization: Organization, kept: dict[str, Any]) -> Self:
        if "ids" in kept:
            ids = tuple(UUID(text) for text in kept["ids"])
            return cls(Choice(organization, ids=ids), total=len(ids), last=len(ids))
        now = datetime.fromisoformat(kept["now"])
        choice = Choice(organization, q=kept["q"], now=now)
        return cls(choice, total=kept["total"], last=kept["last"] or 0)

    def batches(
        self, within: DeviceQuerySet, *, after: int, size: int
    ) -> Iterator[tuple[int, list[UUID]]]:
        """Where each batch ends, to begin `after`, and its ids; each batch is asked for anew.

        So every device is met once, whatever the changes do to what the condition says of it.
        """
        while after < self.last:
            found = self._batch(within, after, size)
            if not found:
                return
            after = found[-1][0]
            yield after, [id_ for _place, id_ in found]

    def _batch(self, within: DeviceQuerySet, after: int, size: int) -> list[tuple[int, UUID]]:
        if self.choice.ids is not None:
            return list(enumerate(self.choice.ids, 1))[after : after + size]
        rows = self.choice._matching(within).filter(number__gt=after, number__lte=self.last)
        return list(rows.order_by("number").values_list("number", "id")[:size])


def chosen(
    organization: Organization, *, ids: list[UUID] | None = None, q: str | None = None, most: int
) -> Choice:
    """What a caller named; raises Invalid("choice_invalid") unless it is one of both."""
    if (ids is None) == (q is None):
        raise Invalid("choice_invalid", "say either ids or q", field="ids")
    if ids is not None and len(ids) > most:
        raise Invalid("choice_invalid", f"ids: at most {most:,} are taken", field="ids")
    return Choice(organization, ids=None if ids is None else tuple(ids), q=q)
