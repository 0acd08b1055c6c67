"""What is told to whom, and what came of it: the outbox, and the log of its deliveries."""

import uuid
from datetime import timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone

from auditlog.actor import system
from fleet.models import Organization
from webhooks.kinds import KINDS


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def of(self, organization: Organization | UUID) -> Self:
        return self.filter(organization=organization)

    def given_up(self) -> Self:
        """Those that Slipway itself has disabled."""
        return self.filter(is_enabled=False, disabled_by=system().name)


class Webhook(models.Model):
    """An address that is told of some kinds of events.

    `secret` and `former_secret`, which signs beside it until `former_until`, are encrypted.
    `failures` counts tries in a row of which none succeeded, `failing_since` is when the first
    of them was, and before `next_attempt_at` nothing is sent. `lease` and `lease_until` are the
    claim of the one sender that is at it.
    """

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=128)
    url = models.CharField(max_length=2048)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=255, editable=False)
    former_secret = models.CharField(max_length=255, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    is_enabled = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True, editable=False)
    disabled_by = models.CharField(max_length=512, blank=True, editable=False)
    disabled_reason = models.CharField(max_length=512, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    next_attempt_at = models.DateTimeField(null=True, editable=False)
    delivered_at = models.DateTimeField(null=True, editable=False)
    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], name="one_webhook_per_name_and_organization"
            ),
            models.CheckConstraint(
                name="webhook_says_since_when_exactly_while_disabled",
                condition=Q(is_enabled=True, disabled_at=None, disabled_by="", disabled_reason="")
                | Q(~Q(disabled_reason=""), is_enabled=False, disabled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_says_since_when_exactly_while_failing",
                condition=Q(failures=0, failing_since=None)
                | Q(failures__gt=0, failing_since__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_former_secret_has_an_end",
                condition=Q(former_secret="", former_until=None)
                | Q(~Q(former_secret=""), former_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Event(models.Model):
    """Something that happened, written once in the transaction in which it did."""

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="events", db_index=False
    )
    kind = models.CharField(max_length=48)
    at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(name="event_kind_is_known", condition=Q(kind__in=KINDS)),
        ]
        indexes = [models.Index(fields=["at"], name="event_by_age")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def of(self, organization: Organization | UUID) -> Self:
        """Those whose webhook is still there."""
        return self.filter(organization=organization, webhook__organization=organization)

    def pending(self) -> Self:
        return self.filter(state=Delivery.State.PENDING)


class Delivery(models.Model):
    """One event on its way to one webhook.

    No constraint holds the webhook: what happens must not wait for, or fail with, whoever deletes
    it at this moment. Not sent before `due_at`. `status_code` and `error` are those of the last
    attempt; `resent_from` is the delivery that somebody asked to have sent once more.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Given up"

    number = models.BigAutoField(primary_key=True)
    id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="deliveries", db_index=False
    )
    webhook = models.ForeignKey(
        Webhook, models.DO_NOTHING, related_name="deliveries", db_index=False, db_constraint=False
    )
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=256, blank=True)
    resent_from = models.UUIDField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                name="delivery_state_is_known",
                condition=Q(state__in=["pending", "delivered", "failed"]),
            ),
            models.CheckConstraint(
                name="delivery_has_finished_exactly_when_it_ended",
                condition=Q(state="pending", finished_at=None)
                | Q(state__in=["delivered", "failed"], finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["webhook", "number"], name="deliveries_of_a_webhook"),
            models.Index(
                fields=["webhook", "number"],
                condition=Q(state="pending"),
                name="deliveries_to_be_made",
            ),
            models.Index(fields=["organization", "created_at", "number"], name="deliveries_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"


class Attempt(models.Model):
    """One try: what the receiver answered, or why it did not; `response` is its beginning."""

    number = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log")
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=256, blank=True)
    response = models.CharField(max_length=1024, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                name="attempt_has_an_answer_or_an_error",
                condition=Q(status_code__isnull=False) | ~Q(error=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.status_code or self.error}"

    @property
    def took(self) -> timedelta:
        return timedelta(milliseconds=self.duration_ms)
