"""What tells of itself who made it and who changed it last."""

from django.db import models
from django.utils import timezone


class Authored(models.Model):
    """`created_by` and `modified_by` are names of people or programs, as the audit log has them."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=512, blank=True, editable=False)
    modified_at = models.DateTimeField(default=timezone.now, editable=False)
    modified_by = models.CharField(max_length=512, blank=True, editable=False)

    class Meta:
        abstract = True
