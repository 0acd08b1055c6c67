"""Saved filters, whatever language they are in, and what they assign by themselves.

Source: hawkBit, target filter queries.
"""

from typing import Any

from django.db.models import QuerySet

from api.hawkbit.errors import not_found, violation
from api.hawkbit.listing.targets import TARGET_FILTERS
from api.hawkbit.lists import listed
from api.hawkbit.members import number_of, text_of, truth_of
from api.hawkbit.requests import Call, json_object
from api.hawkbit.resources import CREATED, NOTHING, Answer, Resource
from api.hawkbit.rights import Right
from api.hawkbit.shapes.filters import target_filter, target_filters
from api.hawkbit.shapes.repository import distribution_set
from api.hawkbit.views.assignments import action_type_of, id_of, release_of
from artifacts.completeness import with_parts
from artifacts.models import Release
from deployments.auto_assigning import (
    Terms,
    auto_assignment_of,
    end_auto_assignment,
    set_auto_assignment,
)
from fleet.models import Language, SavedFilter
from fleet.permissions import require
from fleet.saved_filters import change_filter, delete_filter, save_query
from fleet.saved_filters import text_of as query_of

READ, UPDATE = (Right.READ_TARGET,), (Right.UPDATE_TARGET,)
VIEW = "fleet.view_savedfilter"


class TargetFilters(Resource):
    needs = {"GET": READ, "POST": (Right.CREATE_TARGET,)}

    def get(self, call: Call) -> dict[str, Any]:
        rows = filters_of(call)
        return listed(call, TARGET_FILTERS, rows, lambda page: target_filters(call, page))

    def post(self, call: Call) -> Answer:
        body = json_object(call)
        query = text_of(body, "query")
        if query is None:
            raise violation("query", "must not be null")
        saved = save_query(
            actor=call.actor,
            organization=call.organization,
            name=text_of(body, "name") or "",
            query=query,
            language=Language.HAWKBIT,
        )
        return Answer(CREATED, target_filter(call, saved))


class OneTargetFilter(Resource):
    needs = {"GET": READ, "PUT": UPDATE, "DELETE": (Right.DELETE_TARGET,)}

    def get(self, call: Call, filter_id: int) -> dict[str, Any]:
        return target_filter(call, find(call, filter_id))

    def put(self, call: Call, filter_id: int) -> dict[str, Any]:
        """Who sends back what was told leaves the filter in its language."""
        saved, body = find(call, filter_id), json_object(call)
        query = text_of(body, "query")
        changed = change_filter(
            actor=call.actor,
            saved=saved,
            name=text_of(body, "name"),
            query=None if query == query_of(saved) else query,
            language=Language.HAWKBIT,
        )
        return target_filter(call, changed)

    def delete(self, call: Call, filter_id: int) -> Answer:
        delete_filter(actor=call.actor, saved=find(call, filter_id))
        return NOTHING


class AutoAssignedSet(Resource):
    needs = {
        "GET": (Right.READ_TARGET, Right.READ_REPOSITORY),
        "POST": (Right.UPDATE_TARGET, Right.READ_REPOSITORY),
        "DELETE": UPDATE,
    }

    def get(self, call: Call, filter_id: int) -> Answer | dict[str, Any]:
        assigns = auto_assignment_of(find(call, filter_id))
        if assigns is None:
            return NOTHING
        release = with_parts(Release.objects.filter(deployments=assigns)).get()
        return distribution_set(call, release)

    def post(self, call: Call, filter_id: int) -> dict[str, Any]:
        saved, body = find(call, filter_id), json_object(call)
        terms = Terms(
            action_type=action_type_of(body),
            weight=number_of(body, "weight"),
            is_confirmation_required=truth_of(body, "confirmationRequired"),
        )
        release = release_of(call, id_of(body))
        set_auto_assignment(actor=call.actor, saved=saved, release=release.pk, terms=terms)
        return target_filter(call, saved)

    def delete(self, call: Call, filter_id: int) -> Answer:
        end_auto_assignment(actor=call.actor, saved=find(call, filter_id))
        return NOTHING


def filters_of(call: Call) -> QuerySet[SavedFilter]:
    """Raises Forbidden for who may not see them."""
    require(call.actor, VIEW)
    return SavedFilter.objects.filter(organization=call.organization)


def find(call: Call, filter_id: int) -> SavedFilter:
    """Raises Refused (404)."""
    saved = filters_of(call).select_related("organization").filter(pk=filter_id).first()
    if saved is None:
        raise not_found("TargetFilterQuery", filter_id)
    return saved
