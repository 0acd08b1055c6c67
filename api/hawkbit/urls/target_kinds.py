"""Addresses of target types, tags and target filters."""

from django.urls import URLPattern, path

import api.hawkbit.path_numbers  # noqa: F401 - its converter
from api.hawkbit.views.compatible_types import CompatibleTypes, OneCompatibleType
from api.hawkbit.views.tag_catalogue import OneSetTag, OneTargetTag, SetTags, TargetTags
from api.hawkbit.views.tagged_sets import OneTaggedSet, TaggedSets, ToggledSets
from api.hawkbit.views.tagged_targets import OneTaggedTarget, TaggedTargets, ToggledTargets
from api.hawkbit.views.target_filters import AutoAssignedSet, OneTargetFilter, TargetFilters
from api.hawkbit.views.target_groups import AnyGroupMembers, GroupByFilter, GroupMembers, Groups
from api.hawkbit.views.target_types import OneTargetType, TargetTypes

TYPE = "targettypes/<number:type_id>"
COMPATIBLE = f"{TYPE}/compatibledistributionsettypes"
FILTER = "targetfilters/<number:filter_id>"
TAG, SET_TAG = "targettags/<number:tag_id>", "distributionsettags/<number:tag_id>"

urlpatterns: list[URLPattern] = [
    path("targettypes", TargetTypes.as_view(), name="hawkbit-kinds"),
    path(TYPE, OneTargetType.as_view(), name="hawkbit-kind"),
    path(COMPATIBLE, CompatibleTypes.as_view(), name="hawkbit-compatible-types"),
    path(
        f"{COMPATIBLE}/<number:set_type_id>",
        OneCompatibleType.as_view(),
        name="hawkbit-compatible-type",
    ),
    path("targettags", TargetTags.as_view(), name="hawkbit-device-tags"),
    path(TAG, OneTargetTag.as_view(), name="hawkbit-device-tag"),
    path(f"{TAG}/assigned", TaggedTargets.as_view(), name="hawkbit-tagged-targets"),
    path(
        f"{TAG}/assigned/toggleTagAssignment",
        ToggledTargets.as_view(),
        name="hawkbit-toggled-targets",
    ),
    path(
        f"{TAG}/assigned/<str:controller_id>",
        OneTaggedTarget.as_view(),
        name="hawkbit-tagged-target",
    ),
    path("distributionsettags", SetTags.as_view(), name="hawkbit-set-tags"),
    path(SET_TAG, OneSetTag.as_view(), name="hawkbit-set-tag"),
    path(f"{SET_TAG}/assigned", TaggedSets.as_view(), name="hawkbit-tagged-sets"),
    path(
        f"{SET_TAG}/assigned/toggleTagAssignment",
        ToggledSets.as_view(),
        name="hawkbit-toggled-sets",
    ),
    path(f"{SET_TAG}/assigned/<number:set_id>", OneTaggedSet.as_view(), name="hawkbit-tagged-set"),
    path("targetfilters", TargetFilters.as_view(), name="hawkbit-target-filters"),
    path(FILTER, OneTargetFilter.as_view(), name="hawkbit-target-filter"),
    path(f"{FILTER}/autoAssignDS", AutoAssignedSet.as_view(), name="hawkbit-auto-assigned-set"),
    path("targetgroups", Groups.as_view(), name="hawkbit-groups"),
    path("targetgroups/assigned", AnyGroupMembers.as_view(), name="hawkbit-any-group-members"),
    path("targetgroups/<str:group>", GroupByFilter.as_view(), name="hawkbit-group-by-filter"),
    path("targetgroups/<str:group>/assigned", GroupMembers.as_view(), name="hawkbit-group-members"),
]
