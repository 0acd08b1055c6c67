"""Devices and their keys."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from fleet import admission
from fleet.admin_scope import (
    ByOrganization,
    OrganizationScopedAdmin,
    ScopedInline,
    actor_in,
    by_organization,
    read_only,
)
from fleet.errors import DomainError
from fleet.models import AuthSet, Contact, Device, Inventory
from fleet.states import Admission


class AuthSetInline(ScopedInline):
    model = AuthSet
    fields = ("id", "status", "tier", "key_digest", "token_issued_at", "created_at")
    readonly_fields = fields
    verbose_name_plural = "keys"


class InventoryInline(ScopedInline):
    model = Inventory
    fields = ("attributes", "descriptions", "updated_at")
    readonly_fields = fields
    verbose_name_plural = "inventory"


class JudgingAdmin(OrganizationScopedAdmin):
    """Rows that are accepted and rejected."""

    actions = ["accept_selected", "reject_selected"]

    @admin.action(description="Accept", permissions=["judge"])
    def accept_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.judge(request, queryset, Admission.ACCEPTED)

    @admin.action(description="Reject", permissions=["judge"])
    def reject_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.judge(request, queryset, Admission.REJECTED)

    def has_judge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("fleet.change_device")

    def judge(self, request: HttpRequest, queryset: QuerySet[Any], status: Admission) -> None:
        """Do it and say what became of it."""
        raise NotImplementedError


@admin.register(Device)
class DeviceAdmin(JudgingAdmin):
    list_display = [
        *("name", "status", "group", "device_type", "software", "seen_at", "organization"),
    ]
    list_filter = ["status", "created_at", ("organization", ByOrganization)]
    list_select_related = ["organization", "contact"]
    search_fields = ["name", "id", "group", "device_type", "software"]
    ordering = ["-number"]
    fields = read_only(Device, "seen_at", hidden=["identity_digest"])
    readonly_fields = fields
    inlines = [AuthSetInline, InventoryInline]

    @admin.display(description="last seen", ordering="contact__seen_at")
    def seen_at(self, device: Device) -> datetime | None:
        try:
            return device.contact.seen_at
        except Contact.DoesNotExist:
            return None

    def judge(self, request: HttpRequest, queryset: QuerySet[Any], status: Admission) -> None:
        said: Counter[str] = Counter()
        for organization, devices in by_organization(queryset):
            outcomes = admission.set_status_of_many(
                actor=actor_in(request, organization),
                organization=organization,
                devices=[device.id for device in devices],
                status=status,
            )
            said.update(outcome.text for outcome in outcomes)
        done = said.pop("", 0)
        messages.info(request, f"{done} devices {status.label.lower()}.")
        for text, number in said.items():
            messages.warning(request, f"{number} left: {text}")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.delete_device")

    def delete_model(self, request: HttpRequest, obj: Device) -> None:
        admission.decommission(actor=actor_in(request, obj.organization), device=obj)


@admin.register(AuthSet)
class AuthSetAdmin(JudgingAdmin):
    organization_path = "device__organization"
    list_display = ["device", "status", "tier", "fingerprint", "token_issued_at", "created_at"]
    list_filter = ["status", "created_at", ("device__organization", ByOrganization)]
    list_select_related = ["device"]
    search_fields = ["id", "device__name", "key_digest"]
    fields = read_only(AuthSet)
    readonly_fields = fields

    @admin.display(description="key", ordering="key_digest")
    def fingerprint(self, auth_set: AuthSet) -> str:
        return auth_set.key_digest[:16]

    def judge(self, request: HttpRequest, queryset: QuerySet[Any], status: Admission) -> None:
        done = 0
        for organization, rows in by_organization(queryset, self.organization_path):
            actor = actor_in(request, organization)
            for row in rows:
                try:
                    admission.set_status(actor=actor, auth_set=row, status=status)
                except DomainError as error:
                    messages.warning(request, f"{row}: {error.message}")
                else:
                    done += 1
        messages.info(request, f"{done} keys {status.label.lower()}.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("fleet.change_device")

    def delete_model(self, request: HttpRequest, obj: AuthSet) -> None:
        admission.dismiss(actor=actor_in(request, obj.device.organization), auth_set=obj)
