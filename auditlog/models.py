"""Who did what to what: values, not foreign keys, so that history outlives its subjects."""

from typing import Any, Never, Self
from uuid import UUID

from django.db import models
from django.utils import timezone

from auditlog.actor import ActorKind


class Action(models.TextChoices):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    UPLOAD = "upload"
    ABORT = "abort"
    ACCEPT = "accept"
    REJECT = "reject"
    DISMISS = "dismiss"
    PREAUTHORIZE = "preauthorize"
    DECOMMISSION = "decommission"
    REVOKE = "revoke"
    SIGN_IN = "sign_in"


class AppendOnly(Exception):
    """An audit entry can be neither changed nor deleted."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, organization_id: UUID) -> Self:
        return self.filter(organization_id=organization_id)

    def update(self, **kwargs: Any) -> Never:
        raise AppendOnly

    def delete(self) -> Never:
        raise AppendOnly


class AuditEntry(models.Model):
    organization_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=512)
    via = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=128, blank=True)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=16, choices=Action.choices)
    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    object_name = models.CharField(max_length=512, blank=True)
    change = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["organization_id", "-at"], name="audit_newest"),
            models.Index(
                fields=["organization_id", "object_kind", "object_id"], name="audit_object"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_action_is_known", condition=models.Q(action__in=Action.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.object_kind} {self.object_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnly
