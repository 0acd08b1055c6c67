"""Where a device stands: what it is to run, what it runs, and whether these agree.

Derived from its rows when it is read, whichever dialect wrote them. The expressions are for
querysets of devices. Source: hawkBit, target: updateStatus, assignedDS, installedDS.
"""

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, In
from django.utils import timezone

from artifacts.models import Release
from deployments.derived import Derived
from deployments.models import OVERTIME, Deployment, DeviceDeployment, Phase
from deployments.parts import RELEASE
from deployments.states import State
from fleet.models import AutoConfirmation, Contact


class Standing(TextChoices):
    UNKNOWN = "unknown"
    REGISTERED = "registered"
    PENDING = "pending"
    IN_SYNC = "in_sync"
    ERROR = "error"


HAS_IT = [State.SUCCESS.value, State.ALREADY_INSTALLED.value, State.DOWNLOADED.value]


def has_opened() -> Q:
    """What is so of a row whose device has been let in, or may be by the time of its phase."""
    now = timezone.now()
    opened = Phase.objects.filter(deployment=OuterRef("deployment"), starts_at__lte=now)
    return (
        Q(admitted_at__isnull=False)
        | Q(phase__starts_at__lte=now)
        | Q(Exists(opened), phase__isnull=True)
    )


def goes_on() -> Q:
    """What is so of an open row of an active deployment that is not over by a stop or by time.

    The opposite of `is_cut_off`, said so that a database has little to look at.
    """
    now = timezone.now()
    may_begin = Q(deployment__expires_at__isnull=True) | Q(deployment__expires_at__gt=now)
    may_end = Q(deployment__expires_at__isnull=True) | Q(deployment__expires_at__gt=now - OVERTIME)
    has_begun = Q(is_instructed=True) & may_end
    return has_begun | (may_begin & ~Q(deployment__stop=Deployment.Stop.GRACEFUL))


def is_active() -> Q:
    """What is so of a row that its device is to act on now: it is open, and so is its phase."""
    return Q(goes_on(), has_opened(), is_open=True, deployment__finished_at__isnull=True)


def waits_for_confirmation() -> Q:
    """What is so of a row whose device, or somebody for it, has yet to confirm it."""
    confirms_itself = AutoConfirmation.objects.filter(device=OuterRef("device"))
    return Q(
        ~Exists(confirms_itself),
        phase__is_confirmation_required=True,
        confirmed_at__isnull=True,
        admitted_at__isnull=True,
    )


def _rows() -> QuerySet[DeviceDeployment]:
    return DeviceDeployment.objects.filter(device=OuterRef("number"))


def active_rows() -> QuerySet[DeviceDeployment]:
    """Of the device at hand, the newest deployment first."""
    return _rows().filter(is_active()).order_by("-deployment_id")


def ended_rows() -> QuerySet[DeviceDeployment]:
    """Of the device at hand, the last that ended first."""
    return _rows().filter(finished_at__isnull=False).order_by("-finished_at", "-number")


def _last(told: F | Coalesce) -> Subquery:
    return Subquery(ended_rows().values(found=told)[:1])


def _standing() -> Case:
    text = CharField()
    has_called = Contact.objects.filter(device=OuterRef("number"))
    return Case(
        When(Exists(active_rows()), then=Value(Standing.PENDING.value, text)),
        When(
            Q(Exact(_last(F("state")), State.FAILURE.value)), then=Value(Standing.ERROR.value, text)
        ),
        When(Exists(ended_rows()), then=Value(Standing.IN_SYNC.value, text)),
        When(Exists(has_called), then=Value(Standing.REGISTERED.value, text)),
        default=Value(Standing.UNKNOWN.value, text),
        output_field=text,
    )


def _installed() -> Subquery:
    """The release that its software is called by, one that was deleted only if no other is."""
    named = Release.objects.filter(organization=OuterRef("organization"), name=OuterRef("software"))
    return Subquery(
        named.order_by(F("deleted_at").asc(nulls_first=True), "-number").values("number")[:1]
    )


def _assigned() -> Case:
    """What it is to run; what failed is not assigned any more."""
    number = IntegerField()
    return Case(
        When(Exists(active_rows()), then=Subquery(active_rows().values(found=RELEASE)[:1])),
        When(Q(In(_last(F("state")), HAS_IT)), then=_last(RELEASE)),
        When(Q(Exact(_last(F("state")), State.FAILURE.value)), then=Value(None, number)),
        When(Exists(ended_rows()), then=_installed()),
        default=Value(None, number),
        output_field=number,
    )


STANDING = Derived(_standing)
# Numbers of releases, or NULL.
ASSIGNED = Derived(_assigned, IntegerField())
INSTALLED = Derived(_installed, IntegerField())
