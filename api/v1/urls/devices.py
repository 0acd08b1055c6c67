from django.urls import path

from api.v1.views.alerts import AlertCollection, AlertItem
from api.v1.views.attributes import (
    AttributeCollection,
    AttributeValues,
    TagCollection,
    TagValues,
)
from api.v1.views.auth_sets import (
    AuthSetAccept,
    AuthSetCollection,
    AuthSetItem,
    AuthSetReject,
    AuthSetTokenRevocation,
)
from api.v1.views.bulk import BulkDevices
from api.v1.views.configurations import (
    ConfigurationCollection,
    ConfigurationDeploy,
    ConfigurationItem,
)
from api.v1.views.device_details import DeviceExplanation, DeviceInventory
from api.v1.views.devices import DeviceCollection, DeviceItem, DeviceTags
from api.v1.views.groups import GroupCollection, GroupDevice, GroupDevices, GroupItem
from api.v1.views.saved_filters import (
    SavedFilterCollection,
    SavedFilterDevices,
    SavedFilterItem,
)

DEVICE = "devices/<uuid:id>"
AUTH_SET = "auth-sets/<uuid:id>"
GROUP = "groups/<str:name>"

urlpatterns = [
    path("devices", DeviceCollection.as_view(), name="v1-devices"),
    path("devices/bulk", BulkDevices.as_view(), name="v1-devices-bulk"),
    path(DEVICE, DeviceItem.as_view(), name="v1-device"),
    path(f"{DEVICE}/tags", DeviceTags.as_view(), name="v1-device-tags"),
    path(f"{DEVICE}/inventory", DeviceInventory.as_view(), name="v1-device-inventory"),
    path(f"{DEVICE}/explanation", DeviceExplanation.as_view(), name="v1-device-explanation"),
    path(f"{DEVICE}/configuration", ConfigurationItem.as_view(), name="v1-configuration"),
    path(
        f"{DEVICE}/configuration/deploy",
        ConfigurationDeploy.as_view(),
        name="v1-configuration-deploy",
    ),
    path("configurations", ConfigurationCollection.as_view(), name="v1-configurations"),
    path("auth-sets", AuthSetCollection.as_view(), name="v1-auth-sets"),
    path(AUTH_SET, AuthSetItem.as_view(), name="v1-auth-set"),
    path(f"{AUTH_SET}/accept", AuthSetAccept.as_view(), name="v1-auth-set-accept"),
    path(f"{AUTH_SET}/reject", AuthSetReject.as_view(), name="v1-auth-set-reject"),
    path(f"{AUTH_SET}/revoke-token", AuthSetTokenRevocation.as_view(), name="v1-auth-set-revoke"),
    path("groups", GroupCollection.as_view(), name="v1-groups"),
    path(GROUP, GroupItem.as_view(), name="v1-group"),
    path(f"{GROUP}/devices", GroupDevices.as_view(), name="v1-group-devices"),
    path(f"{GROUP}/devices/<uuid:id>", GroupDevice.as_view(), name="v1-group-device"),
    path("tags", TagCollection.as_view(), name="v1-tags"),
    path("tags/<path:name>/values", TagValues.as_view(), name="v1-tag-values"),
    path("attributes", AttributeCollection.as_view(), name="v1-attributes"),
    path("attributes/<path:name>/values", AttributeValues.as_view(), name="v1-attribute-values"),
    path("saved-filters", SavedFilterCollection.as_view(), name="v1-saved-filters"),
    path("saved-filters/<uuid:id>", SavedFilterItem.as_view(), name="v1-saved-filter"),
    path(
        "saved-filters/<uuid:id>/devices",
        SavedFilterDevices.as_view(),
        name="v1-saved-filter-devices",
    ),
    path("alerts", AlertCollection.as_view(), name="v1-alerts"),
    path("alerts/<uuid:id>", AlertItem.as_view(), name="v1-alert"),
]
