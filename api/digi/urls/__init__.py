"""Where Digi's jobs API is, and the list of devices that its clients check credentials with."""

from django.urls import URLPattern, URLResolver, path, re_path

from api.digi.resources import Nowhere
from api.digi.views.changes import CancelAndDelete, CancelByIds, CancelByQuery, InventoryAndDelete
from api.digi.views.devices import Devices
from api.digi.views.inventory import InventoryJson, InventoryXml
from api.digi.views.jobs import Bulk, InventoryJob, OneJob, Summary
from api.digi.views.openapi import show_document

JOBS = "ws/v1/jobs"


urlpatterns: list[URLPattern | URLResolver] = [
    path(JOBS, Summary.as_view()),
    path(f"{JOBS}/inventory", InventoryAndDelete.as_view()),
    path(f"{JOBS}/inventory.json", InventoryJson.as_view()),
    path(f"{JOBS}/inventory.xml", InventoryXml.as_view()),
    path(f"{JOBS}/inventory/cancel", CancelByQuery.as_view()),
    path(f"{JOBS}/inventory/<str:job_id>", InventoryJob.as_view()),
    path(f"{JOBS}/bulk", Bulk.as_view()),
    path(f"{JOBS}/cancel", CancelAndDelete.as_view()),
    path(f"{JOBS}/cancel/<str:job_id>", CancelByIds.as_view()),
    path(f"{JOBS}/cancel<str:job_id>", CancelByIds.as_view()),
    path(f"{JOBS}/<str:job_id>", OneJob.as_view()),
    path("ws/DeviceCore", Devices.as_view()),
    path("ws/DeviceCore/.json", Devices.as_view()),
    path("api/digi/openapi.json", show_document, name="digi-openapi"),
    re_path(r"^ws(?:/|$)", Nowhere.as_view(), name="digi-nowhere"),
]
