"""What is known of devices, and their groups."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import groups, inventory

INVENTORY = "api/management/v1/inventory"

urlpatterns = [
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
