"""What a list of deployments shows of each: counted for all of them in a few queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Sum
from django.utils import timezone

from artifacts.models import Artifact
from deployments.models import Deployment, DeploymentKit, DeviceDeployment
from deployments.states import Status
from deployments.statistics import Counts, counts, course_of


@dataclass(slots=True)
class Progress:
    """`asked` counts the devices that were let in, by phase; `total_size` is what they were
    given, in bytes; `artifacts` are the ids of all that may be given.
    """

    status: Status
    counts: Counts
    asked: dict[int | None, int] = field(default_factory=dict)
    total_size: int = 0
    artifacts: list[str] = field(default_factory=list)


def progress_of(deployments: Sequence[Deployment]) -> dict[int, Progress]:
    """By the number of the deployment; wants `phases` prefetched."""
    numbers = [deployment.number for deployment in deployments]
    counted, now = counts(numbers), timezone.now()
    found = {
        deployment.number: Progress(
            course_of(deployment, counted[deployment.number], now=now), counted[deployment.number]
        )
        for deployment in deployments
    }
    _add_asked(found)
    _add_artifacts(found, deployments)
    return found


def _add_asked(found: dict[int, Progress]) -> None:
    rows = DeviceDeployment.objects.asked().filter(deployment__in=list(found)).order_by()
    by_phase = rows.values_list("deployment", "phase").annotate(
        devices=Count("*"), size=Sum("artifact__size")
    )
    for number, phase, devices, size in by_phase:
        found[number].asked[phase] = devices
        found[number].total_size += size or 0


def _add_artifacts(found: dict[int, Progress], deployments: Sequence[Deployment]) -> None:
    given = {each.number: {each.release_id or 0} for each in deployments}
    kits = DeploymentKit.objects.filter(deployment__in=list(found), release__isnull=False)
    for number, release in kits.values_list("deployment", "release"):
        given[number].add(release)
    ids: defaultdict[int, list[str]] = defaultdict(list)
    artifacts = Artifact.objects.filter(release__in=set().union(*given.values()))
    for release, artifact in artifacts.order_by("number").values_list("release", "id"):
        ids[release].append(str(artifact))
    for number, releases in given.items():
        found[number].artifacts = [each for release in sorted(releases) for each in ids[release]]
