"""What the lists of actions can be asked for, by hawkBit's names."""

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Coalesce, NullIf

from api.hawkbit.listing.declaring import authored, choice, moment, number, of, text, truth
from api.hawkbit.listing.targets import STANDINGS, UPDATE_STATUSES
from api.hawkbit.words import DETAIL, DETAILS, PENDING, has_detail
from deployments.actions import CREATED_AT, MODIFIED_AT
from deployments.derived import Word
from deployments.models import Deployment, Phase
from deployments.parts import RELEASE
from deployments.standing import is_active
from fleet.models import Device
from query.columns import NumberColumn
from query.folded import FoldedText, Related, keyed
from query.listing import Column, Kind, Listing

# What hawkBit tells as rollouts.
_ROLLOUTS = [Deployment.Origin.PLAN, Deployment.Origin.ROLLOUT]
_ROLLOUT = (keyed(F("deployment")), Deployment.objects.filter(origin__in=_ROLLOUTS))
_GROUP = (keyed(F("phase")), Phase.objects.filter(deployment__origin__in=_ROLLOUTS))
_RELEASE = "deployment__release"
_TYPE = Case(
    When(release__isnull=False, then=F("release__type__key")), default=F(f"{_RELEASE}__type__key")
)
# An action that has ended is "finished" however it did: the details say which.
STATUSES = (PENDING, *DETAILS)


def _has_status(word: str) -> Q:
    match word:
        case "pending":
            return is_active()
        case "finished":
            return ~is_active()
        case _:
            return has_detail(word)


def _of_release(name: str, field: str) -> Column:
    """Of what this device is to get, else of what all are."""
    titled = [
        each
        for release in ("release", _RELEASE)
        for each in (NullIf(F(f"{release}__{field}"), Value("")), F(f"{release}__name"))
    ]
    return text(f"distributionset.{name}", path=Coalesce(*titled), is_nullable=True)


ACTIONS = Listing(
    "actions",
    (
        number("id", read="number"),
        truth("active", is_active),
        choice("status", STATUSES, Word(DETAIL, STATUSES, _has_status), sort_by=DETAIL),
        choice("detailstatus", DETAILS, Word(DETAIL, DETAILS, has_detail), sort_by=DETAIL),
        number("laststatuscode", read="status_code", is_nullable=True),
        number("weight", read="deployment__weight", is_nullable=True),
        *authored(CREATED_AT, "deployment__created_by", MODIFIED_AT, "deployment__modified_by"),
        text("target.controllerid", path="device__controller_id", is_nullable=True),
        text("target.name", path="device__name", is_nullable=True),
        text("target.address", path="device__address", is_nullable=True),
        choice(
            "target.updatestatus",
            UPDATE_STATUSES,
            Related(keyed(F("device")), Device.objects.all(), STANDINGS),
        ),
        number("distributionset.id", read=RELEASE, is_nullable=True),
        _of_release("name", "title"),
        _of_release("version", "version"),
        text("distributionset.type", path=_TYPE, is_nullable=True),
        of("rollout.id", Related(*_ROLLOUT, NumberColumn(F("number"))), Kind.NUMBER),
        of("rollout.name", Related(*_ROLLOUT, FoldedText("name"))),
        of("rolloutgroup.id", Related(*_GROUP, NumberColumn(F("number"))), Kind.NUMBER),
        of("rolloutgroup.name", Related(*_GROUP, FoldedText("name"))),
        # Of other systems: nothing here has one.
        of("externalref", FoldedText(Value("", TextField()))),
    ),
    sort=("-id",),
)

ACTION_STATUSES = Listing(
    "action-statuses",
    (
        number("id"),
        moment("timestamp", read=Coalesce("device_time", "at")),
        moment("reportedat", read="at"),
        moment("createdat", read="at"),
    ),
    key="id",
    sort=("-id",),
)
