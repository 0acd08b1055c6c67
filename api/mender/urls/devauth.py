"""Devices, the keys that claim their identities, and their tokens."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import auth_sets, devauth

DEVAUTH = "api/management/v2/devauth"

urlpatterns = [
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
