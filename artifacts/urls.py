"""Releases, their artifacts, and where a signed link leads."""

from django.urls import path

from artifacts import views
from artifacts.downloads import download

urlpatterns = [
    path("files/artifacts/<uuid:artifact_id>/<path:name>", download, name="artifact-download"),
    path("releases/", views.releases, name="releases"),
    path("releases/upload/", views.upload, name="upload"),
    path("releases/<uuid:release_id>/", views.release, name="release"),
    path("artifacts/<uuid:artifact_id>/download/", views.download, name="artifact-link"),
    path(
        "artifacts/<uuid:artifact_id>/describe/", views.describe_artifact, name="artifact-describe"
    ),
    path("artifacts/<uuid:artifact_id>/delete/", views.remove_artifact, name="artifact-delete"),
]
