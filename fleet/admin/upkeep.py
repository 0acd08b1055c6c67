"""How devices are configured and watched, to look at."""

from django.contrib import admin

from fleet.admin_scope import ByOrganization, OrganizationScopedAdmin, read_only
from fleet.models import Alert, Configuration, MonitorConfiguration


class OfADevice(OrganizationScopedAdmin):
    organization_path = "device__organization"
    list_select_related = ["device"]
    search_fields = ["device__name"]


@admin.register(Configuration)
class ConfigurationAdmin(OfADevice):
    list_display = ["device", "updated_at", "reported_at", "deployment_id"]
    list_filter = ["updated_at", ("device__organization", ByOrganization)]
    fields = readonly_fields = read_only(Configuration)


@admin.register(Alert)
class AlertAdmin(OfADevice):
    list_display = ["received_at", "device", "level", "subject_name", "subject_type", "is_latest"]
    list_filter = ["level", "is_latest", "received_at", ("device__organization", ByOrganization)]
    search_fields = ["device__name", "subject_name"]
    fields = readonly_fields = read_only(Alert, hidden=["subject_digest"])


@admin.register(MonitorConfiguration)
class MonitorConfigurationAdmin(OfADevice):
    list_display = ["device", "updated_at"]
    list_filter = [("device__organization", ByOrganization)]
    fields = readonly_fields = read_only(MonitorConfiguration)
