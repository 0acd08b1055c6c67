"""Who did what to what: values, not foreign keys, so that history outlives its subjects."""

from collections.abc import Collection, Mapping
from typing import Any, Never, Self
from uuid import UUID

from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, TextField, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
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
    SIGN_OUT = "sign_out"
    SET_CONFIGURATION = "set_configuration"
    DEPLOY_CONFIGURATION = "deploy_configuration"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"


class AppendOnly(Exception):
    """An audit entry can be neither changed nor deleted."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, organization_id: UUID) -> Self:
        return self.filter(organization_id=organization_id)

    def among(self, actions: Mapping[str, Collection[str]]) -> Self:
        """Those of `actions`, which are given for each kind of object."""
        wanted = Q(pk__in=[])
        for kind, its_actions in actions.items():
            wanted |= Q(object_kind=kind, action__in=list(its_actions))
        return self.filter(wanted)

    def by_email(self, email: str) -> Self:
        """What the person with this e-mail did, whatever its case."""
        return self.filter(actor_kind=ActorKind.USER, actor_name__iexact=email)

    def on_deployment_named(self, name: str) -> Self:
        return self.filter(object_kind="deployment", object_name=name)

    def told(self) -> Self:
        """With what was written elsewhere about the same object.

        `known_identity` of a device is in the entry itself or in the first that has it,
        `known_release` of a deployment in the one of its creation; else they are None.
        """
        same = AuditEntry.objects.filter(
            organization_id=OuterRef("organization_id"),
            object_kind=OuterRef("object_kind"),
            object_id=OuterRef("object_id"),
        ).order_by("id")
        return self.annotate(
            known_identity=_told_of("device", "identity", same),
            known_release=_told_of("deployment", "release", same),
        )

    def update(self, **kwargs: Any) -> Never:
        raise AppendOnly

    def delete(self) -> Never:
        raise AppendOnly


def _told_of(kind: str, fact: str, same: AuditQuerySet) -> Case:
    """The fact of an object of this kind, out of the entry or the first of `same` that has it."""
    elsewhere = same.filter(**{f"change__{fact}__isnull": False}).values(
        found=KT(f"change__{fact}")
    )
    here_or_there = Coalesce(KT(f"change__{fact}"), Subquery(elsewhere[:1]))
    return Case(When(object_kind=kind, then=here_or_there), output_field=TextField())


class AuditEntry(models.Model):
    organization_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=8, choices=ActorKind.choices)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=512)
    via = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=128, blank=True)
    address = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=32, choices=Action.choices)
    object_kind = models.CharField(max_length=32)
    object_id = models.CharField(max_length=64)
    object_name = models.CharField(max_length=512, blank=True)
    change = models.JSONField(default=dict)

    # Set by `told`.
    known_identity: str | None
    known_release: str | None

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["organization_id", "at", "id"], name="audit_in_time"),
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
