"""What a device says about its part in a deployment, written without asking it."""

from typing import Any

from django.utils import timezone

from deployments.models import DeviceDeployment


def say(row: DeviceDeployment, state: str, **facts: Any) -> None:
    """Put a row into that state, let in by the first phase."""
    now = timezone.now()
    is_open = state in {"downloading", "installing"}
    ended = {} if is_open else {"finished_at": now}
    phase = row.deployment.phases.first()
    told = {"state": state, "is_open": is_open, "phase": phase, "admitted_at": now} | ended
    DeviceDeployment.objects.filter(pk=row.pk).update(started_at=now, **told, **facts)
