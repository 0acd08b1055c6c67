"""What people do to releases: delete, tag, annotate. Source: Mender API, Deployments v2."""

from django.http import HttpResponse

from api.json_bodies import member
from api.mender.auth import for_user
from api.mender.ids import release_of
from api.mender.requests import (
    UserRequest,
    json_body,
    json_object,
    no_content,
    text_member,
)
from artifacts import operations
from artifacts.reach import releases_within
from artifacts.releases import MAX_NOTES, set_notes
from artifacts.tags import set_tags
from fleet.errors import Invalid


@for_user("artifacts.delete_release", within_bounds=True)
def delete_releases(request: UserRequest) -> HttpResponse:
    """All that are named and that the caller may delete; the others are passed over."""
    names = [name for name in request.GET.getlist("name") if name]
    if not names:
        message = "at least one release name has to be provided"
        raise Invalid("invalid_query", message, field="name")
    reached = releases_within(request.actor, "artifacts.delete_release", request.organization)
    operations.delete_releases(actor=request.actor, releases=reached.filter(name__in=names))
    return no_content()


@for_user("artifacts.change_release", within_bounds=True)
def annotate(request: UserRequest, release_name: str) -> HttpResponse:
    """A body without `notes` leaves them as they are."""
    release = release_of(request, release_name, "artifacts.change_release")
    body = json_object(request)
    notes = text_member(body, "notes", longest=MAX_NOTES)
    if member(body, "notes") is not None:
        set_notes(actor=request.actor, release=release, notes=notes)
    return no_content()


@for_user("artifacts.change_release")
def replace_tags(request: UserRequest, release_name: str) -> HttpResponse:
    release = release_of(request, release_name, "artifacts.change_release")
    tags = json_body(request)
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Invalid("malformed_body", "malformed JSON in request body: not a list of texts")
    set_tags(actor=request.actor, release=release, tags=tags)
    return no_content()
