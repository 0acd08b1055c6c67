"""What has happened and what is to be done, to look at: audit entries and jobs."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from auditlog.models import AuditEntry
from fleet.admin_scope import OrganizationScopedAdmin
from jobs.liveness import PULSE
from jobs.models import Job


@admin.register(AuditEntry)
class AuditEntryAdmin(OrganizationScopedAdmin):
    organization_path = "organization_id"
    list_display = [
        *("at", "actor_name", "action", "object_kind", "object_name", "address", "via"),
    ]
    list_filter = ["at", "action", "actor_kind"]
    search_fields = ["actor_name", "object_name", "object_id", "address"]
    date_hierarchy = "at"


@admin.register(Job)
class JobAdmin(OrganizationScopedAdmin):
    organization_path = "organization_id"
    list_display = ["created_at", "kind", "state", "progress", "attempts", "due_at", "error"]
    list_filter = ["state", "kind", "created_at"]
    search_fields = ["=id", "kind", "error"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).exclude(id=PULSE)
