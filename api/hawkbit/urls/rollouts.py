"""Addresses of rollouts and their deploy groups."""

from django.urls import URLPattern, path

import api.hawkbit.path_numbers  # noqa: F401 - its converter
from api.hawkbit.views import rollout_groups, rollouts

ROLLOUT = "rollouts/<number:rollout_id>"
GROUP = f"{ROLLOUT}/deploygroups/<number:group_id>"

urlpatterns: list[URLPattern] = [
    path("rollouts", rollouts.Rollouts.as_view(), name="hawkbit-rollouts"),
    path(ROLLOUT, rollouts.Rollout.as_view(), name="hawkbit-rollout"),
    path(f"{ROLLOUT}/start", rollouts.Start.as_view(), name="hawkbit-rollout-start"),
    path(f"{ROLLOUT}/pause", rollouts.Pause.as_view(), name="hawkbit-rollout-pause"),
    path(f"{ROLLOUT}/resume", rollouts.Resume.as_view(), name="hawkbit-rollout-resume"),
    path(f"{ROLLOUT}/stop", rollouts.Stop.as_view(), name="hawkbit-rollout-stop"),
    path(f"{ROLLOUT}/approve", rollouts.Approve.as_view(), name="hawkbit-rollout-approve"),
    path(f"{ROLLOUT}/deny", rollouts.Deny.as_view(), name="hawkbit-rollout-deny"),
    path(f"{ROLLOUT}/retry", rollouts.Retry.as_view(), name="hawkbit-rollout-retry"),
    path(
        f"{ROLLOUT}/triggerNextGroup",
        rollouts.TriggerNextGroup.as_view(),
        name="hawkbit-rollout-trigger-next-group",
    ),
    path(
        f"{ROLLOUT}/deploygroups",
        rollout_groups.DeployGroups.as_view(),
        name="hawkbit-deploy-groups",
    ),
    path(GROUP, rollout_groups.DeployGroup.as_view(), name="hawkbit-deploy-group"),
    path(
        f"{GROUP}/targets",
        rollout_groups.TargetsOfGroup.as_view(),
        name="hawkbit-deploy-group-targets",
    ),
]
