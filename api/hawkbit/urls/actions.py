"""Addresses of assignments and actions."""

from django.urls import URLPattern, path

import api.hawkbit.path_numbers  # noqa: F401 - its converter
from api.hawkbit.views import actions, assignments

ACTIONS = "targets/<str:controller_id>/actions"
ACTION = f"{ACTIONS}/<number:action_id>"

urlpatterns: list[URLPattern] = [
    path(ACTIONS, actions.TargetActions.as_view(), name="hawkbit-target-actions"),
    path(ACTION, actions.TargetAction.as_view(), name="hawkbit-target-action"),
    path(
        f"{ACTION}/confirmation",
        actions.Confirmation.as_view(),
        name="hawkbit-target-action-confirmation",
    ),
    path(
        f"{ACTION}/status",
        actions.ActionStatuses.as_view(),
        name="hawkbit-target-action-statuses",
    ),
    path(
        "targets/<str:controller_id>/assignedDS",
        assignments.SetOfTarget.as_view(),
        name="hawkbit-target-assigned-set",
    ),
    path(
        "distributionsets/<number:set_id>/assignedTargets",
        assignments.TargetsOfSet.as_view(),
        name="hawkbit-assigned-targets",
    ),
    path("actions", actions.Actions.as_view(), name="hawkbit-actions"),
    path("actions/<number:action_id>", actions.Action.as_view(), name="hawkbit-action"),
]
