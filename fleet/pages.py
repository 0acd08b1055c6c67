"""What every page asks before it shows anything."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
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


def page(permission: str | None = None) -> Callable[[Page[P]], View[P]]:
    """Only for members, and only for those who have the permission if one is named.

    Others are sent to sign in, or get 403. What the domain does not find is 404.
    """

    def decorate(view: Page[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **names: P.kwargs) -> HttpResponseBase:
            visitor = cast("VisitorRequest", request)
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if visitor.actor is None or visitor.membership is None:
                raise PermissionDenied("You are not a member of any organization.")
            if permission is not None and not visitor.actor.may(permission):
                raise PermissionDenied("Your role does not allow this.")
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


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A fragment asked for by htmx must not be filled with the sign-in page: load that whole."""
    if request.headers.get("HX-Request"):
        page = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login(page).url})
    return redirect_to_login(request.get_full_path())
