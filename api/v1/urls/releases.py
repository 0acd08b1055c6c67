from django.urls import path

from api.v1.views import artifact_uploads, artifacts, releases

urlpatterns = [
    path("releases", releases.ReleaseCollection.as_view(), name="v1-releases"),
    path("releases/<uuid:id>", releases.ReleaseItem.as_view(), name="v1-release"),
    path("artifacts", artifacts.ArtifactCollection.as_view(), name="v1-artifacts"),
    path(
        "artifacts/generate", artifact_uploads.Generation.as_view(), name="v1-artifact-generation"
    ),
    path("artifacts/<uuid:id>", artifacts.ArtifactItem.as_view(), name="v1-artifact"),
    path(
        "artifacts/<uuid:id>/download",
        artifacts.ArtifactDownload.as_view(),
        name="v1-artifact-download",
    ),
    path("artifact-uploads", artifact_uploads.DirectUploads.as_view(), name="v1-artifact-uploads"),
    path(
        "artifact-uploads/<uuid:id>/complete",
        artifact_uploads.DirectUploadCompletion.as_view(),
        name="v1-artifact-upload-completion",
    ),
]
