"""Distribution sets that have a tag."""

from collections.abc import Collection, Sequence
from typing import Any

from api.hawkbit.errors import not_readable
from api.hawkbit.listing.repository import DISTRIBUTION_SETS
from api.hawkbit.lists import listed
from api.hawkbit.members import number_of
from api.hawkbit.requests import Call, few
from api.hawkbit.resources import Answer
from api.hawkbit.rights import Right
from api.hawkbit.shapes.repository import listed_set
from api.hawkbit.views import tag_catalogue
from api.hawkbit.views.tag_assignments import (
    Assignments,
    ManyAssigned,
    OneAssigned,
    ToggledAssignments,
)
from api.hawkbit.views.tag_catalogue import find
from artifacts.completeness import with_parts
from artifacts.models import Release, ReleaseQuerySet, ReleaseTag
from artifacts.reach import releases_within
from artifacts.tagging import tag_releases
from fleet.models import Tag

CHANGE = (Right.READ_REPOSITORY, Right.UPDATE_REPOSITORY)


class _Sets(Assignments):
    catalogue = tag_catalogue.SETS
    entity = "DistributionSet"
    member = "id"

    def id_of(self, value: object) -> Any:
        number = number_of({"id": value}, "id")
        if number is None:
            raise not_readable()
        return number

    def found(self, call: Call, ids: Sequence[Any]) -> dict[Any, Any]:
        few(ids)
        reached = releases_within(call.actor, "artifacts.change_release", call.organization)
        return {number: number for number in reached.in_bulk(ids)}

    def having(self, call: Call, tag: Tag, keys: Collection[Any]) -> set[Any]:
        rows = ReleaseTag.objects.filter(release__in=keys, name=tag.name)
        return set(rows.values_list("release_id", flat=True))

    def assign(self, call: Call, tag: Tag, keys: Collection[int], *, is_on: bool) -> None:
        tag_releases(
            actor=call.actor, organization=call.organization, tag=tag, releases=keys, is_on=is_on
        )

    def told(self, call: Call, keys: Collection[Any]) -> list[dict[str, Any]]:
        rows = with_parts(_rows(call).filter(pk__in=keys)).order_by("number")
        return [listed_set(call, row) for row in rows]


class TaggedSets(_Sets, ManyAssigned):
    needs = {"GET": (Right.READ_REPOSITORY,), "POST": CHANGE, "DELETE": CHANGE}

    def get(self, call: Call, tag_id: int) -> dict[str, Any]:
        tag = find(call, self.catalogue, tag_id)
        having = ReleaseTag.objects.filter(name=tag.name).values("release")
        rows = with_parts(_rows(call).filter(number__in=having))

        def told(page: Sequence[Release]) -> list[dict[str, Any]]:
            return [listed_set(call, row) for row in page]

        return listed(call, DISTRIBUTION_SETS, rows, told)


class ToggledSets(_Sets, ToggledAssignments):
    needs = {"POST": CHANGE}
    plural = "DistributionSets"


class OneTaggedSet(_Sets, OneAssigned):
    needs = {"POST": CHANGE, "DELETE": CHANGE}

    def post(self, call: Call, tag_id: int, set_id: int) -> Answer:
        return self.change(call, tag_id, set_id, is_on=True)

    def delete(self, call: Call, tag_id: int, set_id: int) -> Answer:
        return self.change(call, tag_id, set_id, is_on=False)


def _rows(call: Call) -> ReleaseQuerySet:
    return releases_within(call.actor, "artifacts.view_release", call.organization)
