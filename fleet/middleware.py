"""Who acts on a page: the person signed in, through the organization they have chosen."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from auditlog.actor import Actor
from fleet.addresses import client_address
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
        membership = _membership(request) if has_session else None
        visitor.membership = membership
        visitor.actor = _actor(request, membership) if membership else None
        return self.get_response(request)


def _actor(request: HttpRequest, membership: Membership) -> Actor:
    return actor_of(membership, address=client_address(request), via="dashboard")


def _membership(request: HttpRequest) -> Membership | None:
    """The membership of the organization kept in the session, else the first one."""
    if not isinstance(request.user, User):
        return None
    rows = Membership.objects.filter(user=request.user).select_related("organization", "user")
    memberships = list(rows.order_by("created_at"))
    chosen = request.session.get(SESSION_KEY)
    return next(
        (row for row in memberships if str(row.organization_id) == chosen),
        memberships[0] if memberships else None,
    )
