"""The audit log: who did what to what."""

from typing import Any

from django.db.models import Model

from api.v1.endpoints import Collection, Item, Need
from auditlog.listing import AUDIT_ENTRIES
from auditlog.models import AuditEntry, AuditQuerySet

VIEW = "auditlog.view_auditentry"


class AuditEntryCollection(Collection):
    listing = AUDIT_ENTRIES
    needs = {"GET": Need(VIEW)}

    def rows(self) -> AuditQuerySet:
        return AuditEntry.objects.of(self.organization.pk)


class AuditEntryItem(Item):
    listing = AUDIT_ENTRIES
    needs = {"GET": Need(VIEW)}

    def rows(self) -> AuditQuerySet:
        return AuditEntry.objects.of(self.organization.pk)

    def find(self, **names: Any) -> Model:
        return super().find(id=names["number"])
