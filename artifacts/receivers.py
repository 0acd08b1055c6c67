"""What the fleet tells: there is a new organization."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from artifacts.default_types import make_default_types
from artifacts.models import ModuleType, ReleaseType
from fleet.models import Organization


@receiver(post_save, sender=Organization, dispatch_uid="artifacts")
def give_default_types(
    instance: Organization, *, created: bool, raw: bool = False, **_: Any
) -> None:
    if created and not raw:
        make_default_types(instance.pk, ModuleType.objects.all(), ReleaseType.objects.all())
