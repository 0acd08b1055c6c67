"""Every path of the dialect. None ends in a slash; what nobody knows is 404 in Mender's shape."""

from django.urls import URLPattern, path, re_path

from api.mender.resources import not_found, resource
from api.mender.views import (
    artifacts,
    auditlogs,
    auth_requests,
    auth_sets,
    deployment_devices,
    deployments,
    devauth,
    groups,
    inventory,
    polls,
    releases,
    reports,
    statistics,
    tokens,
    users,
)

AUDITLOGS = "api/management/v1/auditlogs"
DEVICE = "api/devices"
DEPLOYMENTS = "api/management/v1/deployments"
DEVAUTH = "api/management/v2/devauth"
INVENTORY = "api/management/v1/inventory"
USERADM = "api/management/v1/useradm"

auditlogs_urls = [
    path(f"{AUDITLOGS}/logs", resource(GET=auditlogs.list_entries)),
    path(f"{AUDITLOGS}/logs/export", resource(GET=auditlogs.export_entries)),
]

device_urls = [
    path(
        f"{DEVICE}/v1/authentication/auth_requests",
        resource(POST=auth_requests.authenticate),
    ),
    path(
        f"{DEVICE}/v1/deployments/device/deployments/next",
        resource(GET=polls.check, POST=polls.check_depends),
    ),
    path(
        f"{DEVICE}/v2/deployments/device/deployments/next",
        resource(POST=polls.check_v2),
    ),
    path(
        f"{DEVICE}/v1/deployments/device/deployments/<str:deployment_id>/status",
        resource(PUT=reports.report_status),
    ),
    path(
        f"{DEVICE}/v1/deployments/device/deployments/<str:deployment_id>/log",
        resource(PUT=reports.report_log),
    ),
    path(
        f"{DEVICE}/v1/inventory/device/attributes",
        resource(PATCH=inventory.add_attributes, PUT=inventory.replace_attributes),
    ),
]

deployments_urls = [
    path(
        f"{DEPLOYMENTS}/artifacts",
        resource(GET=artifacts.list_all_artifacts, POST=artifacts.upload),
    ),
    path(f"{DEPLOYMENTS}/artifacts/list", resource(GET=artifacts.list_artifacts)),
    path(
        f"{DEPLOYMENTS}/artifacts/<str:artifact_id>",
        resource(
            GET=artifacts.show_artifact,
            PUT=artifacts.describe_artifact,
            DELETE=artifacts.delete_artifact,
        ),
    ),
    path(
        f"{DEPLOYMENTS}/artifacts/<str:artifact_id>/download",
        resource(GET=artifacts.link_artifact),
    ),
    path(f"{DEPLOYMENTS}/limits/storage", resource(GET=artifacts.show_storage)),
    path(f"{DEPLOYMENTS}/deployments/releases", resource(GET=releases.list_all_releases)),
    path(f"{DEPLOYMENTS}/deployments/releases/list", resource(GET=releases.list_releases)),
    path(
        f"{DEPLOYMENTS}/deployments",
        resource(GET=deployments.list_deployments, POST=deployments.create),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/group/<str:name>",
        resource(POST=deployments.create_for_group),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/statistics/list",
        resource(POST=statistics.list_statistics),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/devices/<str:device_id>",
        resource(DELETE=deployment_devices.abort_device),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>",
        resource(GET=deployments.show),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>/status",
        resource(PUT=deployments.abort),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>/statistics",
        resource(GET=statistics.show_statistics),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>/devices",
        resource(GET=deployment_devices.list_all_devices),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>/devices/list",
        resource(GET=deployment_devices.list_devices),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>/device_list",
        resource(GET=deployment_devices.list_targets),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>/devices/<str:device_id>/log",
        resource(GET=deployment_devices.show_log),
    ),
]

devauth_urls = [
    path(
        f"{DEVAUTH}/devices",
        resource(GET=devauth.list_devices, POST=devauth.preauthorize_device),
    ),
    path(f"{DEVAUTH}/devices/search", resource(POST=devauth.search_devices)),
    path(f"{DEVAUTH}/devices/count", resource(GET=devauth.count_devices)),
    path(
        f"{DEVAUTH}/devices/<str:device_id>",
        resource(GET=devauth.show_device, DELETE=devauth.decommission_device),
    ),
    path(
        f"{DEVAUTH}/devices/<str:device_id>/auth/<str:auth_set_id>",
        resource(DELETE=auth_sets.dismiss),
    ),
    path(
        f"{DEVAUTH}/devices/<str:device_id>/auth/<str:auth_set_id>/status",
        resource(GET=auth_sets.show_status, PUT=auth_sets.set_status),
    ),
    path(f"{DEVAUTH}/tokens/<str:token_id>", resource(DELETE=auth_sets.revoke_token)),
    path(f"{DEVAUTH}/limits/<str:name>", resource(GET=devauth.show_limit)),
]

inventory_urls = [
    path(f"{INVENTORY}/devices", resource(GET=inventory.list_devices)),
    path(f"{INVENTORY}/devices/<str:device_id>", resource(GET=inventory.show_device)),
    path(
        f"{INVENTORY}/devices/<str:device_id>/group",
        resource(GET=groups.show_group, PUT=groups.assign_group),
    ),
    path(
        f"{INVENTORY}/devices/<str:device_id>/group/<str:name>",
        resource(DELETE=groups.leave_group),
    ),
    path(f"{INVENTORY}/groups", resource(GET=groups.list_groups)),
    path(
        f"{INVENTORY}/groups/<str:name>/devices",
        resource(GET=groups.list_group, PATCH=groups.assign_many, DELETE=groups.clear_many),
    ),
]

useradm_urls = [
    path(f"{USERADM}/auth/login", resource(POST=users.log_in)),
    path(f"{USERADM}/auth/logout", resource(POST=users.log_out)),
    path(f"{USERADM}/users", resource(GET=users.list_users)),
    path(f"{USERADM}/users/me", resource(GET=users.show_me)),
    path(f"{USERADM}/users/<str:user_id>", resource(GET=users.show_user)),
    path(
        f"{USERADM}/settings/tokens",
        resource(GET=tokens.list_tokens, POST=tokens.issue_token),
    ),
    path(
        f"{USERADM}/settings/tokens/<str:token_id>",
        resource(DELETE=tokens.revoke_token),
    ),
]

urlpatterns: list[URLPattern] = [
    *auditlogs_urls,
    *device_urls,
    *deployments_urls,
    *devauth_urls,
    *inventory_urls,
    *useradm_urls,
    re_path(r"^api/", not_found),
]
