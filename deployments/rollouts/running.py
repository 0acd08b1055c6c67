"""What comes round for rollouts: whatever is due is done, whoever left it undone."""

import logging
from collections.abc import Callable

from django.utils import timezone

from deployments.models import Deployment
from deployments.rollouts.deleting import never_begun, take_out
from deployments.rollouts.evaluating import evaluate
from deployments.rollouts.starting import due, start_due
from deployments.rollouts.stopping import stop_devices, stopped_ones

log = logging.getLogger(__name__)


def run_rollouts() -> None:
    """Start, judge, stop and remove what is to be; safe to be run by several at once."""
    for number in due(timezone.now()):
        _try(start_due, number)
    for number in list(never_begun().values_list("number", flat=True)):
        _try(take_out, number)
    for number in list(stopped_ones().values_list("number", flat=True)):
        _try(stop_devices, number)
    going = Deployment.objects.admitting().filter(origin=Deployment.Origin.ROLLOUT)
    for number in list(going.values_list("number", flat=True)):
        _try(evaluate, number)


def _try(work: Callable[[int], object], number: int) -> None:
    """One that fails keeps no other waiting; it comes round again."""
    try:
        work(number)
    except Exception:
        log.exception("rollout %s could not be carried on", number)
