"""Signing in: by password, and by a code of the moment where somebody has a second factor."""

import time
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from fleet import two_factor
from fleet.addresses import client_address
from fleet.forms import CodeForm, SignInForm
from fleet.middleware import VisitorRequest
from fleet.models import User
from fleet.people import note_sign_in, note_sign_out

if TYPE_CHECKING:
    CodeView = FormView[CodeForm]
else:
    CodeView = FormView

MONTH = 30 * 24 * 3600
# How long a password that was right waits for its code, in seconds.
PATIENCE = 300
WAITING = "waits_for_code"


class SignIn(LoginView):
    """The session ends with the browser, or after 30 days if one asks to be kept."""

    template_name = "fleet/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        """Where `next` leads, unless it is here again: that would never end."""
        url = super().get_success_url()
        return self.get_default_redirect_url() if url == self.request.path else url

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        user, keep = form.get_user(), form.cleaned_data["keep"]
        if two_factor.is_asked_of(user):
            _wait(self.request, user, keep=keep, next_page=self.get_success_url())
            return redirect("sign-in-code")
        _sign_in(self.request, user, keep=keep)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        status, headers = (429, {"Retry-After": str(form.pause)}) if form.pause else (422, {})
        return self.render_to_response(
            self.get_context_data(form=form), status=status, headers=headers
        )


@method_decorator(never_cache, name="dispatch")
class SignInCode(CodeView):
    """The second step; until it is done nobody is signed in."""

    template_name = "fleet/sign_in_code.html"
    form_class = CodeForm
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = _who_waits(request)
        if user is None:
            return redirect("sign-in")
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        if not two_factor.is_right(self.user, form.cleaned_data["code"]):
            form.add_error("code", "This code is wrong or was used. Wait for the next one.")
            return self.form_invalid(form)
        waiting = self.request.session[WAITING]
        _sign_in(self.request, self.user, keep=waiting["keep"])
        return HttpResponseRedirect(waiting["next"])

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(LogoutView):
    """Ends the session of this browser."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visitor = cast("VisitorRequest", request)
        with transaction.atomic():
            if visitor.actor is not None and visitor.membership is not None:
                note_sign_out(visitor.actor, visitor.membership.user)
            return super().post(request, *args, **kwargs)


def _wait(request: HttpRequest, user: User, *, keep: bool, next_page: str) -> None:
    """Remember whose password was right, in a session that is nobody's and has a new key."""
    request.session.cycle_key()
    request.session.set_expiry(PATIENCE)
    request.session[WAITING] = {
        "user": str(user.pk),
        "password": user.get_session_auth_hash(),
        "until": int(time.time()) + PATIENCE,
        "keep": keep,
        "next": next_page,
    }


def _who_waits(request: HttpRequest) -> User | None:
    """None if nobody does any more, or if their password is another one by now."""
    waiting = request.session.get(WAITING)
    if waiting is None or waiting["until"] < time.time():
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    if user is None or not two_factor.is_asked_of(user):
        return None
    is_same = constant_time_compare(waiting["password"], user.get_session_auth_hash())
    return user if is_same else None


def _sign_in(request: HttpRequest, user: User, *, keep: bool) -> None:
    request.session.pop(WAITING, None)
    with transaction.atomic():
        login(request, user)
        note_sign_in(user, address=client_address(request), via="dashboard")
    request.session.set_expiry(MONTH if keep else 0)
