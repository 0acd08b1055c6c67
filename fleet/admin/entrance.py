"""The admin has no door of its own: one place asks for passwords and codes, one changes them, one
lets people out."""

from typing import Any, cast

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from fleet.middleware import VisitorRequest
from fleet.views.signing_in import SignOut


def sign_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """To the dashboard's sign-in; who is signed in is told that they may not."""
    if request.user.is_authenticated:
        raise PermissionDenied("Your role does not open the administration.")
    wanted = request.GET.get("next") or reverse("admin:index")
    return redirect(reverse("sign-in", query={"next": wanted}))


def change_password(
    request: HttpRequest, extra_context: dict[str, Any] | None = None
) -> TemplateResponse | HttpResponse:
    """To one's account, whose change ends the sessions; superusers may be members of nothing."""
    if cast("VisitorRequest", request).membership is not None:
        return redirect("account")
    return AdminSite.password_change(admin.site, request, extra_context)


admin.site.login = sign_in  # type: ignore[method-assign]
admin.site.password_change = change_password  # type: ignore[method-assign,assignment]
admin.site.logout = SignOut.as_view()  # type: ignore[method-assign,assignment]
