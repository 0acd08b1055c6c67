"""Releases, their artifacts, and where a signed link leads."""

from django.urls import path

from artifacts.downloads import download
from artifacts.uploads import upload_directly
from artifacts.views import files, releases, uploading

urlpatterns = [
    path("files/artifacts/<uuid:artifact_id>/<path:name>", download, name="artifact-download"),
    path("files/uploads/<uuid:upload_id>", upload_directly, name="direct-upload"),
    path("releases/", releases.releases, name="releases"),
    path("releases/upload/", uploading.upload, name="upload"),
    path("releases/wrap/", uploading.wrap, name="wrap"),
    path("releases/building/<uuid:job_id>/", uploading.building, name="building"),
    path("releases/<uuid:release_id>/", releases.release, name="release"),
    path("releases/<uuid:release_id>/annotate/", releases.annotate, name="release-annotate"),
    path("artifacts/<uuid:artifact_id>/download/", files.download, name="artifact-link"),
    path("modules/files/<int:file_number>/", files.download_file, name="module-file"),
    path(
        "artifacts/<uuid:artifact_id>/describe/", files.describe_artifact, name="artifact-describe"
    ),
    path("artifacts/<uuid:artifact_id>/delete/", files.remove_artifact, name="artifact-delete"),
]
