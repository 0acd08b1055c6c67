"""What every page asks before it shows anything."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django_htmx.middleware import HtmxDetails

from auditlog.actor import Actor
from fleet.errors import Forbidden, NotFound
from fleet.middleware import VisitorRequest
from fleet.models import Membership, Organization

P = ParamSpec("P")


class PageRequest(HttpRequest):
    """A request of a member who may see the page."""

    actor: Actor
    organization: Organization
    membership: Membership
    htmx: HtmxDetails


Page = Callable[Concatenate[PageRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


# Where the parts of the dashboard begin, what they ask for, and whether bounds will do.
PARTS = (
    ("overview", "deployments.view_deployment", False),
    ("devices", "fleet.view_device", True),
    ("releases", "artifacts.view_release", True),
    ("deployments", "deployments.view_deployment", True),
)


def parts_for(actor: Actor) -> list[str]:
    """The names of the parts of the dashboard that this person may open, the first first."""
    return [
        name
        for name, permission, within_bounds in PARTS
        if actor.may(permission) or (within_bounds and actor.may_somewhere(permission))
    ]


def first_part(actor: Actor) -> str:
    """The name of the page to begin with; everybody has an account."""
    return next(iter(parts_for(actor)), "account")


def page(
    permission: str | None = None, *, within_bounds: bool = False
) -> Callable[[Page[P]], View[P]]:
    """Only for members, and only for those who have the permission if one is named.

    One that is `within_bounds` is enough to have for some groups: the view itself keeps to
    those. Others are sent to sign in, or get 403. What the domain does not find is 404.
    """

    def decorate(view: Page[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **names: P.kwargs) -> HttpResponseBase:
            visitor = cast("VisitorRequest", request)
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if visitor.actor is None or visitor.membership is None:
                raise PermissionDenied("You are not a member of any organization.")
            may = visitor.actor.may_somewhere if within_bounds else visitor.actor.may
            if permission is not None and not may(permission):
                return _elsewhere(request, visitor.actor)
            known = cast("PageRequest", request)
            known.organization = visitor.membership.organization
            try:
                return view(known, *args, **names)
            except NotFound as error:
                raise Http404(error.message) from error
            except Forbidden as error:
                raise PermissionDenied(error.message) from error

        return guarded

    return decorate


def _elsewhere(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who may not see the first page begins at another; any other page is refused."""
    if request.resolver_match and request.resolver_match.url_name == PARTS[0][0]:
        return redirect(first_part(actor))
    raise PermissionDenied("Your role does not allow this.")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A fragment asked for by htmx must not be filled with the sign-in page: load that whole."""
    if request.headers.get("HX-Request"):
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login(page).url})
    return redirect_to_login(request.get_full_path())
