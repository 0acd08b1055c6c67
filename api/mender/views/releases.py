"""Management of releases. Source: Mender API, Deployments (management) v1 and v2, releases."""

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import HttpResponse

from api.mender.auth import for_user
from api.mender.ids import release_of
from api.mender.release_filters import releases_containing
from api.mender.requests import UserRequest, json_array, json_response
from api.mender.shapes.artifacts import release_shape, release_shape_v1
from api.paging import add_page_headers, read_page
from artifacts.models import Artifact, Release, ReleaseTag
from artifacts.reach import releases_within

VIEW = "artifacts.view_release"
BATCH = 100


@for_user(VIEW, within_bounds=True)
def list_all_releases(request: UserRequest) -> HttpResponse:
    """The older list, without pages."""
    releases = _matching(request).iterator(chunk_size=BATCH)
    return json_array(release_shape_v1(release) for release in releases)


@for_user(VIEW, within_bounds=True)
def list_releases(request: UserRequest) -> HttpResponse:
    page, releases = read_page(request.GET, is_lenient=True), _matching(request)
    found, has_more = page.of(releases)
    response = json_response([release_shape_v1(release) for release in found])
    total = releases.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user(VIEW, within_bounds=True)
def list_releases_v2(request: UserRequest) -> HttpResponse:
    page, releases = read_page(request.GET, is_lenient=True), _matching(request)
    found, has_more = page.of(releases)
    response = json_response([release_shape(release) for release in found])
    total = releases.count()
    return add_page_headers(response, request, page, has_more=has_more, total=total)


@for_user(VIEW, within_bounds=True)
def show_release(request: UserRequest, release_name: str) -> HttpResponse:
    return json_response(release_shape(release_of(request, release_name, VIEW)))


@for_user(VIEW, within_bounds=True)
def list_tags(request: UserRequest) -> HttpResponse:
    """At most a hundred: the organization may have no more."""
    tags = ReleaseTag.objects.filter(release__in=_visible(request).values("number"))
    return json_response(list(tags.order_by("name").values_list("name", flat=True).distinct()))


@for_user(VIEW, within_bounds=True)
def list_types(request: UserRequest) -> HttpResponse:
    """Of payloads; an artifact has one."""
    artifacts = Artifact.objects.filter(release__in=_visible(request).values("number"))
    types = artifacts.order_by().values_list(KT("payloads__0__type"), flat=True).distinct()
    return json_response(sorted(filter(None, types)))


def _visible(request: UserRequest) -> QuerySet[Release]:
    return releases_within(request.actor, VIEW, request.organization)


def _matching(request: UserRequest) -> QuerySet[Release]:
    """Releases that have an artifact of the kind asked for."""
    artifacts = Artifact.objects.of(request.organization)
    found = releases_containing(_visible(request), artifacts, request.GET)
    return found.prefetch_related("artifacts", "tags")
