"""Jobs in Django's admin: to be read, by superusers."""

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
    list_display = ["created_at", "kind", "state", "progress", "attempts", "due_at", "error"]
    list_filter = ["state", "kind", "created_at"]
    search_fields = ["=id", "kind", "error"]
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return super().get_queryset(request).exclude(id=PULSE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
