"""A deployment is finished when the last of its rows is.

A dynamic one only once all of its places are taken: while there is room, somebody may come.
"""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment, Phase


def close_if_complete(deployment_number: int) -> bool:
    """Finish the deployment if nothing of it is open; call it after the commit.

    Of two last reports at the same time the later commit sees both.
    """
    return bool(_close(Deployment.objects.filter(number=deployment_number)))


def close_complete() -> int:
    """Finish every deployment of which nothing is open, whoever forgot to; returns how many."""
    return _close(Deployment.objects.all())


def _close(deployments: DeploymentQuerySet) -> int:
    open_rows = DeviceDeployment.objects.unfinished().filter(deployment=OuterRef("number"))
    may_still_come = Q(Exists(_room()), target=Deployment.Target.FILTER)
    complete = deployments.active().filter(~Exists(open_rows), ~may_still_come)
    return complete.update(finished_at=timezone.now())


def _room() -> QuerySet[Phase]:
    """The phases that would take one more: without a limit there is always one."""
    has_room = Q(quota__isnull=True) | Q(admitted__lt=F("quota"))
    return Phase.objects.filter(has_room, deployment=OuterRef("number"))
