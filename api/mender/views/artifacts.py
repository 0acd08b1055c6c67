"""Management of artifacts. Source: Mender API, Deployments (management), artifacts."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponse

from api.addresses import base_url
from api.mender.auth import for_user
from api.mender.ids import artifact_of, valid_uuid
from api.mender.release_filters import artifacts_containing, artifacts_named, in_order
from api.mender.requests import (
    UserRequest,
    json_array,
    json_object,
    json_response,
    no_content,
    text_member,
)
from api.mender.shapes.artifacts import artifact_shape
from api.mender.times import stamp
from api.paging import add_page_headers, read_page
from artifacts import operations
from artifacts.links import signed_url
from artifacts.models import Artifact
from artifacts.quotas import storage_usage
from artifacts.reach import artifacts_within

LINK_LIFETIME = timedelta(minutes=15)
BATCH = 200


@for_user("artifacts.view_artifact", within_bounds=True)
def list_all_artifacts(request: UserRequest) -> HttpResponse:
    """The older list, without pages."""
    artifacts = in_order(artifacts_containing(_visible(request), request.GET), request.GET)
    return json_array(artifact_shape(each) for each in artifacts.iterator(chunk_size=BATCH))


@for_user("artifacts.view_artifact", within_bounds=True)
def list_artifacts(request: UserRequest) -> HttpResponse:
    page = read_page(request.GET)
    artifacts = in_order(artifacts_containing(_visible(request), request.GET), request.GET)
    found, has_more = page.of(artifacts)
    response = json_response([artifact_shape(artifact) for artifact in found])
    total = artifacts.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user("artifacts.view_artifact", within_bounds=True)
def list_artifacts_by_name(request: UserRequest) -> HttpResponse:
    """Version 2: exact names or one prefix, and no total."""
    page = read_page(request.GET)
    artifacts = in_order(artifacts_named(_visible(request), request.GET), request.GET)
    found, has_more = page.of(artifacts)
    response = json_response([artifact_shape(artifact) for artifact in found])
    return add_page_headers(response, request, page, has_more=has_more)


@for_user("artifacts.view_artifact", within_bounds=True)
def show_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    valid_uuid(artifact_id)
    return json_response(
        artifact_shape(artifact_of(request, artifact_id, "artifacts.view_artifact"))
    )


@for_user("artifacts.change_artifact", within_bounds=True)
def describe_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    valid_uuid(artifact_id)
    artifact = artifact_of(request, artifact_id, "artifacts.change_artifact")
    description = text_member(
        json_object(request), "description", longest=operations.MAX_DESCRIPTION
    )
    operations.describe(actor=request.actor, artifact=artifact, description=description)
    return no_content()


@for_user("artifacts.delete_artifact", within_bounds=True)
def delete_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    artifact = artifact_of(request, artifact_id, "artifacts.delete_artifact")
    operations.delete_artifact(actor=request.actor, artifact=artifact)
    return no_content()


@for_user("artifacts.view_artifact", within_bounds=True)
def link_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    """A link under which whoever holds it may download the file for a quarter of an hour."""
    valid_uuid(artifact_id)
    artifact = artifact_of(request, artifact_id, "artifacts.view_artifact")
    link = signed_url(artifact, base=base_url(request), lifetime=LINK_LIFETIME)
    return json_response({"uri": link.uri, "expire": stamp(link.expires_at)})


@for_user("artifacts.view_artifact", within_bounds=True)
def show_storage(request: UserRequest) -> HttpResponse:
    """Bytes; a limit of 0 stands for none."""
    limit = request.organization.storage_limit or 0
    return json_response({"limit": limit, "usage": storage_usage(request.organization)})


def _visible(request: UserRequest) -> QuerySet[Artifact]:
    artifacts = artifacts_within(request.actor, "artifacts.view_artifact", request.organization)
    return artifacts.select_related("release")
