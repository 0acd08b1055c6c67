"""The API keys of an organization: what there is, a new one shown once, and revoking."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods

from fleet import api_keys
from fleet.errors import DomainError
from fleet.forms import ApiKeyForm
from fleet.pages import PageRequest, page
from fleet.views.acts import sentence


@require_http_methods(["GET", "HEAD", "POST"])
@page(api_keys.PERMISSION)
def keys(request: PageRequest) -> HttpResponse:
    """The secret stands on the answer to the request that made it, and never again."""
    if request.method != "POST":
        return _shown(request, ApiKeyForm())
    form = ApiKeyForm(request.POST)
    if not form.is_valid():
        return _shown(request, form, 422)
    try:
        issued = api_keys.issue(
            actor=request.actor, organization=request.organization, **form.cleaned_data
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else "name", sentence(error))
        return _shown(request, form, 422)
    return _shown(request, ApiKeyForm(), issued=issued)


@require_http_methods(["GET", "HEAD", "POST"])
@page(api_keys.PERMISSION)
def revoke(request: PageRequest, key_id: UUID) -> HttpResponse:
    key = get_object_or_404(api_keys.standing_keys(request.organization.pk), pk=key_id)
    if request.method != "POST":
        return render(request, "fleet/revoke_key.html", {"here": "keys", "key": key})
    api_keys.revoke(actor=request.actor, organization=request.organization, key_id=key.pk)
    messages.success(request, f"The key {key.name} is void.")
    return redirect("api-keys")


def _shown(request: PageRequest, form: ApiKeyForm, status: int = 200, **more: Any) -> HttpResponse:
    standing = api_keys.standing_keys(request.organization.pk)
    context = {"here": "keys", "keys": standing, "form": form, **more}
    response = render(request, "fleet/api_keys.html", context, status=status)
    add_never_cache_headers(response)
    return response
