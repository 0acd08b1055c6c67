"""Where the update of an appliance is found, below the base of the API."""

from django.urls import path

from api.npm.views import update

urlpatterns = [
    path("update", update.Update.as_view(), name="npm-update"),
    path("update/init", update.Init.as_view(), name="npm-update-init"),
    path("update/start", update.Start.as_view(), name="npm-update-start"),
    path("update/reset", update.Reset.as_view(), name="npm-update-reset"),
]
