"""What is so of the devices that a word of the search means: `search.facts`, asked of a fleet."""

from collections.abc import Callable
from functools import cache, reduce
from operator import or_
from uuid import UUID

from django.db.models import Q
from django.db.models.lookups import Exact, In
from django.utils import timezone

from api.carbonblack.search.facts import DEPLOYMENT_TYPE, OS_VERSION, SILENCE, TARGET_PRIORITY
from api.carbonblack.search.places import said
from api.carbonblack.search.words import (
    MOBILE,
    OF_KIT,
    DeploymentType,
    DeviceStatus,
    Os,
    TargetPriority,
)
from artifacts.versions import outdated
from deployments.standing_sets import has_failed_last
from fleet.kits import OS_ATTRIBUTE
from fleet.models import KitType
from fleet.states import Admission
from query.columns import NOTHING
from query.comparisons import Test
from query.compiling import EVERYTHING
from query.searching import Folded, folded
from query.tree import Operator
from query.wildcards import pattern_of

S = DeviceStatus
SAID_OS = ("inventory", OS_ATTRIBUTE)
VERSION_OF_OS = said(("inventory", OS_VERSION), SAID_OS)
_OS = said(SAID_OS)
_DEPLOYMENT_TYPE = said(("inventory", DEPLOYMENT_TYPE))
_TARGET_PRIORITY = said(("tags", TARGET_PRIORITY))
_ACCEPTED = Q(status=Admission.ACCEPTED, is_leaving=False)
_WAITING = Q(status__in=[Admission.PENDING, Admission.PREAUTHORIZED], is_leaving=False)
_UNADMITTED = Q(status__in=[Admission.REJECTED, Admission.NOAUTH], is_leaving=False)
_BY_ADMISSION: dict[DeviceStatus, Callable[[], Q]] = {
    S.ALL: lambda: EVERYTHING,
    S.LIVE: lambda: _ACCEPTED | _WAITING,
    S.PENDING: lambda: _WAITING,
    S.REGISTERED: lambda: _ACCEPTED,
    S.ACTIVE: lambda: _ACCEPTED & Q(contact__seen_at__gt=timezone.now() - SILENCE),
    S.INACTIVE: lambda: _ACCEPTED & _is_silent(),
    S.DEREGISTERED: lambda: _UNADMITTED,
    S.UNINSTALLED: lambda: Q(is_leaving=True),
    S.DELETED: lambda: Q(is_leaving=True),
}


def has_os(word: str) -> Q:
    kits = [kit.value for kit, os in OF_KIT.items() if os == word]
    if kits:
        return Q(kit_type__in=kits)
    begins = {
        os: Q(Test(_OS, Operator.LIKE, pattern_of([start, ""]))) for os, start in MOBILE.items()
    }
    is_mobile = begins.get(Os(word)) or ~reduce(or_, begins.values())
    return Q(kit_type=KitType.OTHER) & is_mobile


def has_kit(word: str) -> Q:
    return Q(kit_type=word)


def has_deployment_type(word: str) -> Q:
    return _says(_DEPLOYMENT_TYPE, word, DeploymentType.values, DeploymentType.ENDPOINT)


def has_target_priority(word: str) -> Q:
    return _says(_TARGET_PRIORITY, word, TargetPriority.values, TargetPriority.MEDIUM)


def has_status(organization_id: UUID) -> Callable[[str], Q]:
    """The rule for devices of the organization: what is out of date is so by its releases.

    What takes a look at all of them is found out once, however often a query asks.
    """

    @cache
    def rule(word: str) -> Q:
        match DeviceStatus(word):
            case S.SENSOR_OUTOFDATE:
                return outdated(organization_id)
            case S.ERROR:
                return has_failed_last()
            case status:
                return _BY_ADMISSION[status]() if status in _BY_ADMISSION else NOTHING

    return rule


def _is_silent() -> Q:
    return Q(contact__isnull=True) | Q(contact__seen_at__lte=timezone.now() - SILENCE)


def _says(text: Folded, word: str, words: list[str], default: str) -> Q:
    """The text is the word, or none of the words, and this is the default."""
    others = [folded(each) for each in words if each != default]
    return ~Q(In(text, others)) if word == default else Q(Exact(text, folded(word)))
