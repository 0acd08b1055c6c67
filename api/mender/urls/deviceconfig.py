"""How devices are configured, and where they fetch it from."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import configuration_download, deviceconfig

DEVICE = "api/devices/v1"
CONFIGURATIONS = "api/management/v1/deviceconfig/configurations/device"

urlpatterns = [
    path(
        f"{DEVICE}/deviceconfig/configuration",
        resource(GET=deviceconfig.show_own, PUT=deviceconfig.report),
    ),
    # A device type may have slashes in it, which arrive decoded.
    path(
        f"{DEVICE}/deployments/download/configuration"
        "/<str:deployment_id>/<path:device_type>/<str:device_id>",
        resource(GET=configuration_download.download),
    ),
    path(
        f"{CONFIGURATIONS}/<str:device_id>",
        resource(GET=deviceconfig.show, PUT=deviceconfig.configure),
    ),
    path(
        f"{CONFIGURATIONS}/<str:device_id>/deploy",
        resource(POST=deviceconfig.deploy),
    ),
]
