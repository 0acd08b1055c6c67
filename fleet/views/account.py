"""Signing in and out, and choosing an organization."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from fleet.addresses import client_address
from fleet.forms import SignInForm
from fleet.models import Membership
from fleet.people import note_sign_in

MONTH = 30 * 24 * 3600


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
        with transaction.atomic():
            response = super().form_valid(form)
            note_sign_in(form.get_user(), address=client_address(self.request), via="dashboard")
        self.request.session.set_expiry(MONTH if form.cleaned_data["keep"] else 0)
        return response

    def form_invalid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        return self.render_to_response(self.get_context_data(form=form), status=422)


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
