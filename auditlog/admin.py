"""The audit log in Django's admin: to be read."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from auditlog.models import AuditEntry

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[AuditEntry]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(AuditEntry)
class AuditEntryAdmin(ModelAdmin):
    """Superusers read all of it, others that of the organizations they administer."""

    list_display = [
        *("at", "actor_name", "action", "object_kind", "object_name", "address", "via"),
    ]
    list_filter = ["at", "action", "actor_kind"]
    search_fields = ["actor_name", "object_name", "object_id", "address"]
    date_hierarchy = "at"
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        rows = super().get_queryset(request)
        user: Any = request.user
        if user.is_superuser:
            return rows
        mine = user.memberships.filter(role="administrator")
        return rows.filter(organization_id__in=mine.values("organization_id"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
