"""The places in the phases of a deployment, given to whoever comes first."""

from datetime import datetime

from django.db.models import F, Q

from deployments.models import Phase


def hold_places(deployment_number: int) -> None:
    """Hold the phases until the transaction ends.

    Whoever is let in takes a place and holds the deployment then: whoever is to change both
    begins with this.
    """
    phases = Phase.objects.filter(deployment=deployment_number)
    list(phases.select_for_update(no_key=True).order_by("number").values_list("number"))


def take_place(deployment_number: int, now: datetime, *, group: int | None = None) -> int | None:
    """The number of the phase that took one more, None if all that have opened are full.

    Who is in a `group` from the beginning, named by its number, has a place in that alone.
    """
    has_room = Q(quota__isnull=True) | Q(admitted__lt=F("quota"))
    opened = Phase.objects.filter(has_room, deployment=deployment_number, starts_at__lte=now)
    if group is not None:
        opened = opened.filter(number=group)
    for number, quota in opened.order_by("position").values_list("number", "quota"):
        if quota is None or Phase.objects.filter(number=number, admitted__lt=F("quota")).update(
            admitted=F("admitted") + 1
        ):
            return number
    return None
