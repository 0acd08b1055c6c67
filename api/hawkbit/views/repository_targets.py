"""Who has a distribution set, and how it fares.

Source: hawkBit, below /rest/v1/distributionsets/{distributionSetId}.
"""

from typing import Any

from django.db.models import Count, Value

from api.hawkbit.finding import target_rows
from api.hawkbit.finding_repository import set_numbered
from api.hawkbit.listing.targets import TARGET_FILTERS, TARGETS
from api.hawkbit.lists import listed
from api.hawkbit.requests import Call
from api.hawkbit.resources import Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.filters import target_filters
from api.hawkbit.shapes.targets import targets_listed
from api.hawkbit.words import DETAIL
from artifacts.models import Release
from deployments.auto_assigning import in_place
from deployments.models import Deployment, DeviceDeployment
from deployments.parts import bringing, deployments_bringing
from deployments.rollouts.states import ROLLOUT_STATE
from deployments.standing import INSTALLED
from fleet.models import SavedFilter

READ = (Right.READ_REPOSITORY, Right.READ_TARGET)
SHOWN_AS_ROLLOUTS = (Deployment.Origin.PLAN, Deployment.Origin.ROLLOUT)


class InstalledTargets(Resource):
    needs = {"GET": READ}

    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        release = set_numbered(call, set_id)
        named = target_rows(call).filter(software=release.name)
        rows = named.annotate(installed=INSTALLED).filter(installed=Value(release.pk))
        return listed(call, TARGETS, rows, lambda page: targets_listed(call, page))


class AutoAssignFilters(Resource):
    """The target filters that assign a set by themselves."""

    needs = {"GET": READ}

    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        release = set_numbered(call, set_id)
        rows = SavedFilter.objects.filter(
            organization=call.organization,
            auto_assignment__deployment__in=in_place(),
            auto_assignment__deployment__release=release,
        )
        return listed(call, TARGET_FILTERS, rows, lambda page: target_filters(call, page))


class Statistics(Resource):
    """How many rollouts, actions and automatic assignments there are of a set, by their status."""

    needs = {"GET": (Right.READ_REPOSITORY,)}

    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        release = set_numbered(call, set_id)
        return rollouts_of(release) | actions_of(release) | auto_assignments_of(release)


class RolloutStatistics(Statistics):
    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        return rollouts_of(set_numbered(call, set_id))


class ActionStatistics(Statistics):
    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        return actions_of(set_numbered(call, set_id))


class AutoAssignmentStatistics(Statistics):
    def get(self, call: Call, set_id: int) -> dict[str, Any]:
        return auto_assignments_of(set_numbered(call, set_id))


def rollouts_of(release: Release) -> dict[str, Any]:
    rows = deployments_bringing([release.pk]).filter(
        origin__in=SHOWN_AS_ROLLOUTS, archived_at__isnull=True
    )
    found = rows.annotate(word=ROLLOUT_STATE).values_list("word")
    return _sums("totalRolloutsPerStatus", dict(found.annotate(count=Count("pk"))))


def actions_of(release: Release) -> dict[str, Any]:
    rows = DeviceDeployment.objects.filter(bringing([release.pk]))
    found = rows.order_by().annotate(word=DETAIL).values_list("word")
    return _sums("totalActionsPerStatus", dict(found.annotate(count=Count("pk"))))


def auto_assignments_of(release: Release) -> dict[str, Any]:
    count = in_place().filter(release=release).count()
    return {"totalAutoAssignments": count} if count else {}


def _sums(name: str, counts: dict[str, int]) -> dict[str, Any]:
    """By hawkBit's words in upper case; left out where there are none."""
    if not counts:
        return {}
    return {
        name: {word.upper(): count for word, count in sorted(counts.items())}
        | {"total": sum(counts.values())}
    }
