"""Deployments to look at; stopping one is the operation's business."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from deployments.aborting import abort
from deployments.logs import log_text
from deployments.models import (
    Deployment,
    DeploymentQuerySet,
    DeviceDeployment,
    DeviceDeploymentQuerySet,
    Phase,
    StatusEvent,
)
from deployments.states import State, Status
from fleet.admin_scope import (
    ByOrganization,
    OrganizationScopedAdmin,
    ScopedInline,
    actor_in,
    read_only,
)
from fleet.errors import DomainError, NotFound


class PhaseInline(ScopedInline):
    model = Phase
    fields = (
        *("position", "name", "percent", "starts_at", "size", "quota", "admitted"),
        *("success_threshold", "error_threshold", "failed_at"),
    )
    readonly_fields = fields
    show_change_link = False


class StatusEventInline(ScopedInline):
    model = StatusEvent
    fields = ("at", "state", "kind", "substate", "messages", "code", "attempt")
    readonly_fields = fields
    show_change_link = False


class ByStatus(admin.SimpleListFilter):
    """The derived status, which no column holds."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Status.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value not in Status.values:
            return queryset
        return cast("DeploymentQuerySet", queryset).with_status(Status(value))


@admin.register(Deployment)
class DeploymentAdmin(OrganizationScopedAdmin):
    list_display = [
        *("name", "status", "origin", "release_name", "target", "size", "created_at"),
        "created_by",
        "organization",
    ]
    list_filter = [
        *(ByStatus, "kind", "origin", "target", "created_at"),
        ("organization", ByOrganization),
    ]
    list_select_related = ["organization"]
    search_fields = ["name", "id", "release_name", "created_by"]
    ordering = ["-number"]
    fields = read_only(Deployment, "status", hidden=["request_digest"])
    readonly_fields = fields
    inlines = [PhaseInline]
    actions = ["abort_selected"]

    def get_queryset(self, request: HttpRequest) -> DeploymentQuerySet:
        return cast("DeploymentQuerySet", super().get_queryset(request)).annotated_with_status()

    @admin.display(description="status")
    def status(self, deployment: Any) -> str:
        return Status(deployment.status).label

    @admin.action(description="Abort", permissions=["abort"])
    def abort_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for deployment in queryset.select_related("organization"):
            try:
                abort(actor=actor_in(request, deployment.organization), deployment=deployment)
                messages.info(request, f"{deployment}: aborted.")
            except DomainError as error:
                messages.warning(request, f"{deployment}: {error.message}")

    def has_abort_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("deployments.change_deployment")


@admin.register(DeviceDeployment)
class DeviceDeploymentAdmin(OrganizationScopedAdmin):
    organization_path = "deployment__organization"
    list_display = [
        *("device_name", "device_ref", "deployment", "effective_state", "attempts"),
        *("started_at", "finished_at"),
    ]
    list_filter = ["state", ("deployment__organization", ByOrganization)]
    list_select_related = ["deployment"]
    # Whole ids and beginnings of names: there are as many rows as devices times deployments.
    search_fields = ["device_name__startswith", "device_ref__exact", "deployment__name"]
    ordering = ["-number"]
    fields = read_only(DeviceDeployment, "log_lines")
    readonly_fields = fields
    inlines = [StatusEventInline]

    def get_queryset(self, request: HttpRequest) -> DeviceDeploymentQuerySet:
        rows = cast("DeviceDeploymentQuerySet", super().get_queryset(request))
        return rows.with_effective_state()

    @admin.display(description="state", ordering="state")
    def effective_state(self, row: Any) -> str:
        return State(row.effective_state).label

    @admin.display(description="log")
    def log_lines(self, row: DeviceDeployment) -> str:
        try:
            return log_text(row)
        except NotFound:
            return ""
