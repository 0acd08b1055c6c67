from django.urls import path

from api.v1.views.audit_entries import AuditEntryCollection, AuditEntryItem
from api.v1.views.jobs import JobCollection, JobItem

urlpatterns = [
    path("audit-entries", AuditEntryCollection.as_view(), name="v1-audit-entries"),
    path("audit-entries/<int:number>", AuditEntryItem.as_view(), name="v1-audit-entry"),
    path("jobs", JobCollection.as_view(), name="v1-jobs"),
    path("jobs/<uuid:id>", JobItem.as_view(), name="v1-job"),
]
