"""Who acts on a page: the person signed in, through the organization they have chosen."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from auditlog.actor import Actor
from fleet.addresses import client_address
from fleet.grants import has_own_roles
from fleet.models import Membership, User
from fleet.people import actor_of

SESSION_KEY = "organization"


class VisitorRequest(HttpRequest):
    """A request to a page; both are None unless a member of an organization is signed in."""

    actor: Actor | None
    membership: Membership | None


class CurrentActor:
    """Sets `request.actor` and `request.membership` for whoever brings a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor = cast("VisitorRequest", request)
        # Without the cookie the session stays untouched: no query, and no "Vary: Cookie".
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        visitor.membership, visitor.actor = _who(request) if has_session else (None, None)
        return self.get_response(request)


def _who(request: HttpRequest) -> tuple[Membership, Actor] | tuple[None, None]:
    """By the membership of the organization kept in the session, else by the first one."""
    if not isinstance(request.user, User):
        return None, None
    rows = Membership.objects.filter(user=request.user).select_related("organization", "user")
    memberships = list(rows.annotate(has_own=has_own_roles()).order_by("created_at"))
    if not memberships:
        return None, None
    chosen = request.session.get(SESSION_KEY)
    found = next((row for row in memberships if str(row.organization_id) == chosen), memberships[0])
    address, has_own = client_address(request), getattr(found, "has_own", True)
    return found, actor_of(found, address=address, via="dashboard", has_own=has_own)
