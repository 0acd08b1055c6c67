"""Webhooks and what was sent, to look at."""

from django.contrib import admin

from fleet.admin_scope import ByOrganization, OrganizationScopedAdmin, ScopedInline, read_only
from webhooks.models import Attempt, Delivery, Event, Webhook

SECRETS = ("secret", "former_secret")


class AttemptInline(ScopedInline):
    model = Attempt
    fields = ("at", "duration_ms", "status_code", "error", "response")
    readonly_fields = fields
    show_change_link = False


@admin.register(Webhook)
class WebhookAdmin(OrganizationScopedAdmin):
    list_display = ["name", "url", "is_enabled", "failing_since", "delivered_at", "organization"]
    list_filter = ["is_enabled", ("organization", ByOrganization)]
    list_select_related = ["organization"]
    search_fields = ["name", "url"]
    secret_fields = SECRETS
    fields = readonly_fields = read_only(Webhook, hidden=SECRETS)


@admin.register(Event)
class EventAdmin(OrganizationScopedAdmin):
    list_display = ["at", "kind", "id"]
    list_filter = ["kind", ("organization", ByOrganization)]
    search_fields = ["=id"]
    fields = readonly_fields = read_only(Event)


@admin.register(Delivery)
class DeliveryAdmin(OrganizationScopedAdmin):
    list_display = ["created_at", "webhook", "event", "state", "attempts", "status_code", "error"]
    list_filter = ["state", ("organization", ByOrganization)]
    list_select_related = ["webhook", "event"]
    search_fields = ["=id", "webhook__name"]
    fields = readonly_fields = read_only(Delivery)
    inlines = [AttemptInline]
