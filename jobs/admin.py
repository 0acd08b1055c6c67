"""Jobs in Django's admin: to be read."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from jobs.liveness import PULSE
from jobs.models import Job

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Job]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(Job)
class JobAdmin(ModelAdmin):
    """Superusers read all of them, others those of the organizations they administer."""

    list_display = ["created_at", "kind", "state", "progress", "attempts", "due_at", "error"]
    list_filter = ["state", "kind", "created_at"]
    search_fields = ["=id", "kind", "error"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        rows = super().get_queryset(request).exclude(id=PULSE)
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
