from django.urls import path

from api.v1.views.devices import DeviceCollection, DeviceItem

urlpatterns = [
    path("devices", DeviceCollection.as_view(), name="v1-devices"),
    path("devices/<uuid:id>", DeviceItem.as_view(), name="v1-device"),
]
