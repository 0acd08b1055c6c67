"""Management of releases. Source: Mender API, Deployments (management), releases."""

from django.db.models import QuerySet
from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.order import read_order
from api.mender.requests import UserRequest, json_response
from api.mender.shapes.artifacts import release_shape
from api.paging import add_page_headers, read_page
from artifacts.models import Artifact, Release

ORDER = {"name": "name", "modified": "modified_at"}


@for_user("artifacts.view_release")
def list_all_releases(request: UserRequest) -> HttpResponse:
    """The older list, without pages."""
    return json_response([release_shape(release) for release in _matching(request)])


@for_user("artifacts.view_release")
def list_releases(request: UserRequest) -> HttpResponse:
    page, releases = read_page(request.GET, is_lenient=True), _matching(request)
    found, has_more = page.of(releases)
    response = json_response([release_shape(release) for release in found])
    total = releases.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


def _matching(request: UserRequest) -> QuerySet[Release]:
    """Releases that have an artifact of the kind asked for."""
    releases = Release.objects.of(request.organization)
    artifacts = Artifact.objects.of(request.organization)
    if name := request.GET.get("name"):
        releases = releases.filter(name__icontains=name)
    if description := request.GET.get("description"):
        artifacts = artifacts.filter(description__icontains=description)
    if device_type := request.GET.get("device_type"):
        artifacts = artifacts.filter(fits__device_type__icontains=device_type)
    releases = releases.filter(number__in=artifacts.values("release"))
    return releases.order_by(*read_order(request.GET, ORDER), "number").prefetch_related(
        "artifacts"
    )
