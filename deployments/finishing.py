"""A deployment is finished when the last of its rows is."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from deployments.models import Deployment, DeploymentQuerySet, DeviceDeployment


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
    return deployments.active().filter(~Exists(open_rows)).update(finished_at=timezone.now())
