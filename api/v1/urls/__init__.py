"""`/api/v1/`: a module for each area."""

from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("api.v1.urls.devices")),
]
