"""Which devices stand in some way: what `deployments/standing.py` tells of one, asked of a fleet.

Each question is whether there is a row of some kind, which a database answers for all devices at
once instead of one by one.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import In

from artifacts.models import Release
from deployments.models import DeviceDeployment
from deployments.parts import bringing
from deployments.standing import (
    HAS_IT,
    INSTALLED,
    Standing,
    active_rows,
    ended_rows,
    is_active,
)
from deployments.states import State
from fleet.models import Contact


def has_standing(standing: Standing) -> Q:
    """What is so of the devices that stand so."""
    has_called = Exists(Contact.objects.filter(device=OuterRef("number")))
    match standing:
        case Standing.PENDING:
            return Q(_active())
        case Standing.ERROR:
            return has_failed_last() & ~Q(_active())
        case Standing.IN_SYNC:
            return Q(Exists(_last().exclude(state=State.FAILURE))) & ~Q(_active())
        case Standing.REGISTERED:
            return Q(has_called) & ~Q(_active()) & ~Q(_ended())
        case Standing.UNKNOWN:
            return ~Q(has_called) & ~Q(_active()) & ~Q(_ended())


def has_failed_last() -> Q:
    """What is so of the devices that failed at what ended last, whatever is under way since."""
    return Q(Exists(_last().filter(state=State.FAILURE)))


def assigned_among(releases: QuerySet[Release]) -> Q:
    """What is so of the devices that are to run one of these."""
    numbers = releases.order_by().values("number")
    newer = DeviceDeployment.objects.filter(
        is_active(), device=OuterRef("device"), deployment__gt=OuterRef("deployment")
    )
    newest = active_rows().order_by().filter(~Exists(newer), bringing(numbers))
    has_it = _last().filter(bringing(numbers), state__in=HAS_IT)
    has_another = _last().exclude(state__in=[*HAS_IT, State.FAILURE])
    is_back = Q(Exists(has_another)) & Q(In(INSTALLED, numbers.query))
    return Q(Exists(newest)) | (~Q(_active()) & (Q(Exists(has_it)) | is_back))


def _active() -> Exists:
    return Exists(active_rows().order_by())


def _ended() -> Exists:
    return Exists(ended_rows().order_by())


def _last() -> QuerySet[DeviceDeployment]:
    """The row of the device at hand after which none ended."""
    ended = DeviceDeployment.objects.filter(device=OuterRef("device"), finished_at__isnull=False)
    later = ended.filter(
        Q(finished_at__gt=OuterRef("finished_at"))
        | Q(finished_at=OuterRef("finished_at"), number__gt=OuterRef("number"))
    )
    return ended_rows().order_by().filter(~Exists(later))
