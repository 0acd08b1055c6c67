"""Keys of organizations for scripts, and what organizations say of sensor kits."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fleet import api_keys, sensor_kits
from fleet.admin_scope import ByOrganization, OrganizationScopedAdmin, actor_in, read_only
from fleet.models import ApiKey, SensorKit


@admin.register(ApiKey)
class ApiKeyAdmin(OrganizationScopedAdmin):
    """What was issued, without the secret, which nobody has; deleting revokes."""

    secret_fields = ["digest"]
    list_display = [
        *("name", "key_id", "level", "created_at", "created_by", "last_used_at"),
        *("revoked_at", "organization"),
    ]
    list_filter = ["level", "created_at", "revoked_at", ("organization", ByOrganization)]
    list_select_related = ["organization"]
    search_fields = ["name", "key_id"]
    fields = read_only(ApiKey, hidden=secret_fields)
    readonly_fields = fields

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(api_keys.PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(api_keys.PERMISSION)

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:
        api_keys.revoke(
            actor=actor_in(request, obj.organization), organization=obj.organization, key_id=obj.pk
        )


@admin.register(SensorKit)
class SensorKitAdmin(OrganizationScopedAdmin):
    list_display = ["kit_type", "device_types", "product", "organization"]
    list_filter = ["kit_type", ("organization", ByOrganization)]
    list_select_related = ["organization"]
    search_fields = ["kit_type", "product"]
    fields = ("organization", "kit_type", "device_types", "product")

    def get_readonly_fields(self, request: HttpRequest, obj: SensorKit | None = None) -> list[str]:
        return [] if obj is None else ["organization"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(sensor_kits.PERMISSION)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(sensor_kits.PERMISSION)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(sensor_kits.PERMISSION)

    def save_model(self, request: HttpRequest, obj: SensorKit, form: Any, change: bool) -> None:
        sensor_kits.save_kit(actor=actor_in(request, obj.organization), kit=obj)

    def delete_model(self, request: HttpRequest, obj: SensorKit) -> None:
        sensor_kits.remove_kit(actor=actor_in(request, obj.organization), kit=obj)
