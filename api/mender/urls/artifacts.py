"""Artifacts, releases and the storage they take."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import artifacts, releases

DEPLOYMENTS = "api/management/v1/deployments"

urlpatterns = [
    path(
        f"{DEPLOYMENTS}/artifacts",
        resource(GET=artifacts.list_all_artifacts, POST=artifacts.upload),
    ),
    path(f"{DEPLOYMENTS}/artifacts/list", resource(GET=artifacts.list_artifacts)),
    path(
        f"{DEPLOYMENTS}/artifacts/<str:artifact_id>",
        resource(
            GET=artifacts.show_artifact,
            PUT=artifacts.describe_artifact,
            DELETE=artifacts.delete_artifact,
        ),
    ),
    path(
        f"{DEPLOYMENTS}/artifacts/<str:artifact_id>/download",
        resource(GET=artifacts.link_artifact),
    ),
    path(f"{DEPLOYMENTS}/limits/storage", resource(GET=artifacts.show_storage)),
    path(f"{DEPLOYMENTS}/deployments/releases", resource(GET=releases.list_all_releases)),
    path(f"{DEPLOYMENTS}/deployments/releases/list", resource(GET=releases.list_releases)),
]
