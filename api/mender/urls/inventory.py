"""What is known of devices, and their groups."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import filters, groups, inventory, inventory_search, tags

INVENTORY = "api/management/v1/inventory"
SEARCH = "api/management/v2/inventory"

urlpatterns = [
    path(f"{INVENTORY}/devices", resource(GET=inventory.list_devices)),
    path(
        f"{INVENTORY}/devices/<str:device_id>",
        resource(GET=inventory.show_device, DELETE=inventory.forget_device),
    ),
    path(
        f"{INVENTORY}/devices/<str:device_id>/tags",
        resource(PUT=tags.replace_tags, PATCH=tags.add_tags),
    ),
    path(
        f"{INVENTORY}/devices/<str:device_id>/group",
        resource(GET=groups.show_group, PUT=groups.assign_group),
    ),
    path(
        f"{INVENTORY}/devices/<str:device_id>/group/<str:name>",
        resource(DELETE=groups.leave_group),
    ),
    path(f"{INVENTORY}/groups", resource(GET=groups.list_groups)),
    path(f"{INVENTORY}/groups/<str:name>", resource(DELETE=groups.delete_group)),
    path(
        f"{INVENTORY}/groups/<str:name>/devices",
        resource(GET=groups.list_group, PATCH=groups.assign_many, DELETE=groups.clear_many),
    ),
    path(f"{SEARCH}/filters/attributes", resource(GET=inventory_search.list_attributes)),
    path(f"{SEARCH}/filters/search", resource(POST=inventory_search.search_devices)),
    path(f"{SEARCH}/statistics", resource(GET=inventory_search.show_statistics)),
    path(f"{SEARCH}/filters", resource(GET=filters.list_filters, POST=filters.add_filter)),
    path(
        f"{SEARCH}/filters/<str:filter_id>",
        resource(GET=filters.show_filter, DELETE=filters.remove_filter),
    ),
    path(f"{SEARCH}/filters/<str:filter_id>/search", resource(GET=filters.search_by_filter)),
]
