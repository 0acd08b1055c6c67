"""Artifacts, releases and the storage they take."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import artifact_uploads, artifacts, release_changes, releases

V1 = "api/management/v1/deployments"
V2 = "api/management/v2/deployments"

urlpatterns = [
    path(
        f"{V1}/artifacts",
        resource(GET=artifacts.list_all_artifacts, POST=artifact_uploads.upload),
    ),
    path(f"{V1}/artifacts/list", resource(GET=artifacts.list_artifacts)),
    path(f"{V1}/artifacts/generate", resource(POST=artifact_uploads.generate)),
    path(f"{V1}/artifacts/directupload", resource(POST=artifact_uploads.announce_upload)),
    path(
        f"{V1}/artifacts/directupload/<str:upload_id>/complete",
        resource(POST=artifact_uploads.complete_upload),
    ),
    path(
        f"{V1}/artifacts/<str:artifact_id>",
        resource(
            GET=artifacts.show_artifact,
            PUT=artifacts.describe_artifact,
            DELETE=artifacts.delete_artifact,
        ),
    ),
    path(f"{V1}/artifacts/<str:artifact_id>/download", resource(GET=artifacts.link_artifact)),
    path(f"{V1}/limits/storage", resource(GET=artifacts.show_storage)),
    path(f"{V1}/deployments/releases", resource(GET=releases.list_all_releases)),
    path(f"{V1}/deployments/releases/list", resource(GET=releases.list_releases)),
    path(f"{V2}/artifacts", resource(GET=artifacts.list_artifacts_by_name)),
    path(
        f"{V2}/deployments/releases",
        resource(GET=releases.list_releases_v2, DELETE=release_changes.delete_releases),
    ),
    # A release may be called anything, slashes included.
    path(
        f"{V2}/deployments/releases/<path:release_name>/tags",
        resource(PUT=release_changes.replace_tags),
    ),
    path(
        f"{V2}/deployments/releases/<path:release_name>",
        resource(GET=releases.show_release, PATCH=release_changes.annotate),
    ),
    path(f"{V2}/releases/all/tags", resource(GET=releases.list_tags)),
    path(f"{V2}/releases/all/types", resource(GET=releases.list_types)),
]
