"""One's own account: password, second factor, personal tokens, and the organization looked at."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from fleet import access_tokens, accounts, two_factor
from fleet.errors import DomainError
from fleet.forms import DisableForm, PasswordForm, TokenForm, VerifyForm
from fleet.models import Membership, User
from fleet.pages import PageRequest, page
from fleet.views.acts import attempt, sentence


@require_safe
@page()
def account(request: PageRequest) -> HttpResponse:
    return _shown(request)


@require_POST
@page()
def change_password(request: PageRequest) -> HttpResponse:
    """Everywhere else one is signed out by it."""
    form, user = PasswordForm(request.POST), request.membership.user
    if not form.is_valid():
        return _refused(request, password_form=form)
    said = form.cleaned_data
    try:
        accounts.change_password(
            actor=request.actor, user=user, password=said["password"], current=said["current"]
        )
    except DomainError as error:
        return _refused(request, error, "current", password_form=form)
    update_session_auth_hash(request, user)
    messages.success(request, "Password changed. You are signed out everywhere else.")
    return redirect("account")


@require_POST
@page()
def begin_two_factor(request: PageRequest) -> HttpResponse:
    try:
        two_factor.begin(actor=request.actor, user=request.membership.user)
    except DomainError as error:
        messages.error(request, sentence(error))
    return redirect("account")


@require_POST
@page()
def verify_two_factor(request: PageRequest) -> HttpResponse:
    form, user = VerifyForm(request.POST), request.membership.user
    if not form.is_valid():
        return _refused(request, verify_form=form)
    try:
        two_factor.verify(actor=request.actor, user=user, code=form.cleaned_data["code"])
    except DomainError as error:
        return _refused(request, error, "code", verify_form=form)
    messages.success(request, "From now on you sign in with a code, too.")
    return redirect("account")


@require_POST
@page()
def disable_two_factor(request: PageRequest) -> HttpResponse:
    """A screen that was left alone is not enough for it: the password is asked for."""
    form, user = DisableForm(request.POST), request.membership.user
    if not form.is_valid():
        return _refused(request, disable_form=form)
    try:
        accounts.check_current(request.actor, user, form.cleaned_data["current"])
    except DomainError as error:
        return _refused(request, error, "current", disable_form=form)
    act = partial(two_factor.disable, actor=request.actor, user=user)
    attempt(request, act, "You sign in by password alone.")
    return redirect("account")


@require_POST
@page()
def issue_token(request: PageRequest) -> HttpResponse:
    """The token stands on the answer to this request, and never again."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _refused(request, token_form=form)
    days = int(form.cleaned_data["days"])
    try:
        token = access_tokens.issue_personal(
            actor=request.actor,
            membership=request.membership,
            name=form.cleaned_data["name"],
            expires_in=timedelta(days=days) if days else None,
        )
    except DomainError as error:
        return _refused(request, error, "name", token_form=form)
    return _shown(request, issued=token)


@require_POST
@page()
def revoke_token(request: PageRequest, token_id: UUID) -> HttpResponse:
    access_tokens.revoke_personal(
        actor=request.actor, membership=request.membership, token_id=token_id
    )
    messages.success(request, "The token is void.")
    return redirect("account")


@login_required
@require_POST
def switch_organization(request: HttpRequest) -> HttpResponse:
    """Look through another of one's organizations from now on."""
    try:
        chosen = UUID(request.POST.get("organization", ""))
    except ValueError:
        chosen = UUID(int=0)
    membership = get_object_or_404(Membership, user=request.user, organization_id=chosen)
    request.session["organization"] = str(membership.organization_id)
    return redirect("overview")


def _shown(request: PageRequest, status: int = 200, **more: Any) -> HttpResponse:
    user = request.membership.user
    context = {
        "here": "account",
        "person": user,
        "tokens": access_tokens.personal_tokens(request.membership),
        "password_form": PasswordForm(),
        "verify_form": VerifyForm(),
        "disable_form": DisableForm(),
        "token_form": TokenForm(),
        **more,
    }
    if user.two_factor == User.TwoFactor.UNVERIFIED:
        context |= _secret(user)
    response = render(request, "fleet/account.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _refused(
    request: PageRequest, error: DomainError | None = None, fallback: str = "", **form: Form
) -> HttpResponse:
    """The page with what was wrong beside the field it is about."""
    if error is not None:
        [shown] = form.values()
        field = error.field if error.field in shown.fields else fallback
        shown.add_error(field, sentence(error))
    return _shown(request, 422, **form)


def _secret(user: User) -> dict[str, str | SafeString]:
    try:
        drawing = segno.make(two_factor.address_of(user)).svg_inline(
            scale=4, dark="#000", light="#fff", title="QR code for the authenticator app"
        )
    except DomainError:  # the server's secret is another one: nobody can read it any more
        return {}
    # Drawn here, of digits and our own words.
    return {"drawing": mark_safe(drawing), "secret": two_factor.secret_of(user)}  # noqa: S308
