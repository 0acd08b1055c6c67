"""Deployments and the devices in them."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import deployment_devices, deployments, statistics

DEPLOYMENTS = "api/management/v1/deployments"
DEPLOYMENTS_V2 = "api/management/v2/deployments"

urlpatterns = [
    path(
        f"{DEPLOYMENTS_V2}/deployments",
        resource(GET=deployments.list_deployments_v2, POST=deployments.create_dynamic),
    ),
    path(f"{DEPLOYMENTS}/config", resource(GET=deployments.show_config)),
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
        resource(GET=deployment_devices.list_history, DELETE=deployment_devices.abort_device),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/devices/<str:device_id>/history",
        resource(DELETE=deployment_devices.delete_history),
    ),
    path(
        f"{DEPLOYMENTS}/deployments/<str:deployment_id>",
        resource(GET=deployments.show, PATCH=deployments.patch),
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
