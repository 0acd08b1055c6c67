"""What devices call, except for their configuration and their monitors."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import auth_requests, inventory, polls, reports

DEVICE = "api/devices"

urlpatterns = [
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
        f"{DEVICE}/v2/deployments/device/deployments/<str:deployment_id>/update_control_map",
        resource(GET=reports.show_control_map),
    ),
    path(
        f"{DEVICE}/v1/inventory/device/attributes",
        resource(PATCH=inventory.add_attributes, PUT=inventory.replace_attributes),
    ),
]
