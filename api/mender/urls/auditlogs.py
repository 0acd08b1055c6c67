"""The audit log."""

from django.urls import path

from api.mender.resources import resource
from api.mender.views import auditlogs

AUDITLOGS = "api/management/v1/auditlogs"

urlpatterns = [
    path(f"{AUDITLOGS}/logs", resource(GET=auditlogs.list_entries)),
    path(f"{AUDITLOGS}/logs/export", resource(GET=auditlogs.export_entries)),
]
