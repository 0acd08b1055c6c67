"""Roles: the built-in ones, shown as Django's groups, and the organizations' own."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from fleet import roles
from fleet.admin_scope import ByOrganization, OrganizationScopedAdmin, ReadOnly, actor_in
from fleet.errors import Invalid
from fleet.models import CustomRole
from fleet.permission_sets import PERMISSION_SETS, read_sets

admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ReadOnly, GroupAdmin):
    """To look at: what is here is written from `fleet.permissions`, a change would not last."""


class OwnRoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """The permission sets as JSON, checked as the API checks them."""

    permission_sets = forms.JSONField(
        help_text=(
            'A list such as [{"name": "DeployToDevices", "scope": {"type": "DeviceGroups", '
            f'"value": ["test"]}}}}]. There are: {", ".join(PERMISSION_SETS)}.'
        ),
        encoder=json.JSONEncoder,
    )

    class Meta:
        model = CustomRole
        fields = ["organization", "name", "description", "permission_sets"]

    def clean_permission_sets(self) -> Any:
        try:
            return read_sets(self.cleaned_data["permission_sets"])
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from error


@admin.register(CustomRole)
class OwnRoleAdmin(OrganizationScopedAdmin):
    form = OwnRoleForm
    list_display = ["name", "description", "organization", "updated_at"]
    list_filter = [("organization", ByOrganization)]
    list_select_related = ["organization"]
    search_fields = ["name", "description"]
    fields = ["organization", "name", "description", "permission_sets"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["organization", "name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.add_customrole")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.change_customrole")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.delete_customrole")

    def save_model(self, request: HttpRequest, obj: CustomRole, form: Any, change: bool) -> None:
        actor, said = actor_in(request, obj.organization), form.cleaned_data
        if change:
            roles.change_role(
                actor=actor,
                role=obj,
                permission_sets=said["permission_sets"],
                description=said["description"],
            )
            return
        made = roles.add_role(
            actor=actor,
            organization=obj.organization,
            name=obj.name,
            description=obj.description,
            permission_sets=said["permission_sets"],
        )
        obj.__dict__.update(made.__dict__)

    def delete_model(self, request: HttpRequest, obj: CustomRole) -> None:
        roles.remove_role(actor=actor_in(request, obj.organization), role=obj)
