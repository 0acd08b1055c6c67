"""Whether the group of a rollout that a device is in is open, or what has to happen first."""

from collections.abc import Sequence
from datetime import datetime

from deployments.models import Deployment, Phase
from deployments.stating import Reason, blocked, fine, said, waits


def of_group(
    group: Phase, deployment: Deployment, phases: Sequence[Phase], now: datetime
) -> Reason:
    """`phases` are those of the deployment, in order."""
    if group.has_opened(now):
        return fine("phase_open", f"Its group, {named(group)}, is open")
    if group.starts_at is not None:
        text = f"Its group, {named(group)}, opens at {said(group.starts_at)}"
        return waits("phase_closed", text, group.starts_at)
    if any(phase.has_opened(now) for phase in phases):
        return _of_later(group, phases)
    if deployment.start_at is not None:
        text = f"The rollout starts at {said(deployment.start_at)}"
        return waits("not_started", text, deployment.start_at)
    return blocked("not_started", "The rollout has yet to be started")


def _of_later(group: Phase, phases: Sequence[Phase]) -> Reason:
    before = [phase for phase in phases if phase.position < group.position]
    text = f"Its group, {named(group)}, has yet to be opened"
    if before:
        last = before[-1]
        share = f"{last.success_threshold} % of {named(last)}"
        text = f"Its group, {named(group)}, opens when {share} are done"
    return waits("group_closed", text)


def named(group: Phase) -> str:
    return f"“{group.name}”" if group.name else f"number {group.position + 1}"
