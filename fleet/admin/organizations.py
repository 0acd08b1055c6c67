"""Organizations and their limits."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fleet import organizations
from fleet.admin_scope import OrganizationScopedAdmin, actor_in
from fleet.models import Organization


@admin.register(Organization)
class OrganizationAdmin(OrganizationScopedAdmin):
    organization_path = ""
    list_display = ["key", "name", "device_limit", "storage_limit", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["key", "name", "id"]

    def get_fields(self, request: HttpRequest, obj: Organization | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("name",)
        limits = ("device_limit", "storage_limit")
        return ("key", "name", "id", "tenant_token", *limits, "created_at")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Organization | None = None
    ) -> list[str]:
        if obj is None:
            return []
        fixed = ["key", "name", "id", "tenant_token", "created_at"]
        # Limits bind an organization's own administrators too: the server's owner sets them.
        owns_server = getattr(request.user, "is_superuser", False)
        return fixed if owns_server else [*fixed, "device_limit", "storage_limit"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.add_organization")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.change_organization")

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        if not change:
            made = organizations.add_organization(actor=actor_in(request, None), name=obj.name)
            obj.__dict__.update(made.__dict__)
            return
        if not form.changed_data:
            return
        organizations.set_limits(
            actor=actor_in(request, obj),
            organization=obj,
            devices=organizations.UNLIMITED if obj.device_limit is None else obj.device_limit,
            storage=organizations.UNLIMITED if obj.storage_limit is None else obj.storage_limit,
        )
