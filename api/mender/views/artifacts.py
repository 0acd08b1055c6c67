"""Management of artifacts. Source: Mender API, Deployments (management), artifacts."""

from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.ids import artifact_of, valid_uuid
from api.mender.order import read_order
from api.mender.requests import (
    UserRequest,
    base_url,
    created,
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
from artifacts.models import Artifact, Fit
from artifacts.quotas import storage_usage
from artifacts.receiving import expect_artifact, form_fields, received_artifact

PATH = "/api/management/v1/deployments/artifacts"
LINK_LIFETIME = timedelta(minutes=15)
ORDER = {"name": "release__name", "modified": "modified_at"}


@for_user("artifacts.add_artifact")
def upload(request: UserRequest) -> HttpResponse:
    expect_artifact(request, request.organization)
    incoming = received_artifact(request)
    fields = form_fields(request)
    given_id = fields.get("artifact_id", "")
    artifact = operations.add_artifact(
        actor=request.actor,
        incoming=incoming,
        description=fields.get("description", ""),
        artifact_id=valid_uuid(given_id) if given_id else None,
    )
    return created(f"{PATH}/{artifact.id}")


@for_user("artifacts.view_artifact")
def list_all_artifacts(request: UserRequest) -> HttpResponse:
    """The older list, without pages."""
    return json_response([artifact_shape(artifact) for artifact in _matching(request)])


@for_user("artifacts.view_artifact")
def list_artifacts(request: UserRequest) -> HttpResponse:
    page, artifacts = read_page(request.GET), _matching(request)
    found, has_more = page.of(artifacts)
    response = json_response([artifact_shape(artifact) for artifact in found])
    total = artifacts.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user("artifacts.view_artifact")
def show_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    valid_uuid(artifact_id)
    return json_response(artifact_shape(artifact_of(request, artifact_id)))


@for_user("artifacts.change_artifact")
def describe_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    valid_uuid(artifact_id)
    artifact = artifact_of(request, artifact_id)
    description = text_member(
        json_object(request), "description", longest=operations.MAX_DESCRIPTION
    )
    operations.describe(actor=request.actor, artifact=artifact, description=description)
    return no_content()


@for_user("artifacts.delete_artifact")
def delete_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    artifact = artifact_of(request, artifact_id)
    operations.delete_artifact(actor=request.actor, artifact=artifact)
    return no_content()


@for_user("artifacts.view_artifact")
def link_artifact(request: UserRequest, artifact_id: str) -> HttpResponse:
    """A link under which whoever holds it may download the file for a quarter of an hour."""
    valid_uuid(artifact_id)
    artifact = artifact_of(request, artifact_id)
    link = signed_url(artifact, base=base_url(request), lifetime=LINK_LIFETIME)
    return json_response({"uri": link.uri, "expire": stamp(link.expires_at)})


@for_user("artifacts.view_artifact")
def show_storage(request: UserRequest) -> HttpResponse:
    """Bytes; a limit of 0 stands for none."""
    limit = request.organization.storage_limit or 0
    return json_response({"limit": limit, "usage": storage_usage(request.organization)})


def _matching(request: UserRequest) -> QuerySet[Artifact]:
    artifacts = Artifact.objects.of(request.organization).select_related("release")
    if name := request.GET.get("name"):
        artifacts = artifacts.filter(release__name__icontains=name)
    if description := request.GET.get("description"):
        artifacts = artifacts.filter(description__icontains=description)
    if device_type := request.GET.get("device_type"):
        fits = Fit.objects.filter(device_type__icontains=device_type)
        artifacts = artifacts.filter(pk__in=fits.values("artifact"))
    return artifacts.order_by(*read_order(request.GET, ORDER), "number")
