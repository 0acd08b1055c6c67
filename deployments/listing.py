"""Deployments, their phases, their devices and what those said, as lists and exports know them."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from deployments.derived import STATE, STATE_WORD, STATUS, STATUS_WORD
from deployments.models import Deployment, Phase, StatusEvent
from deployments.outcomes import OUTCOME, Outcome
from deployments.states import Cause, Stage, State, Status
from deployments.urgency import URGENCY
from fleet.models import KitType
from query.columns import TextValue
from query.declaring import boolean, choice, identifier, json, moment, number, text
from query.listing import Column, Kind, Listing
from query.searching import search

PLACE = F("position") + 1
IS_CANCELING = ExpressionWrapper(
    Q(is_open=True, cancel_requested_at__isnull=False), output_field=BooleanField()
)


def _deployment(path: str, **more: Any) -> tuple[Column, Column]:
    """What a list of its parts tells of the deployment."""
    return (
        identifier("deployment.id", "Deployment that it belongs to", path=f"{path}__id", **more),
        text("deployment.name", "Name of that", path=f"{path}__name", example="gateway-2.4.1"),
    )


def _device(prefix: str = "") -> tuple[Column, Column]:
    return (
        identifier(
            "device.id",
            "Device, null once it is gone",
            path=f"{prefix}device__id",
            is_indexed=True,
            is_nullable=True,
        ),
        text(
            "device.name",
            "Name of the device when it was enlisted",
            path=f"{prefix}device_name",
            example="edge-0042",
        ),
    )


DEPLOYMENTS = Listing(
    "deployments",
    (
        number("number", "Number, higher for what was made later", is_indexed=True),
        identifier("id", "Identifier", is_indexed=True),
        text("name", "What people call it", is_indexed=True, example="gateway-2.4.1"),
        Column(
            name="status",
            kind=Kind.CHOICE,
            help="How far it is",
            choices=tuple(Status.values),
            read=STATUS,
            target=STATUS_WORD,
            is_observed=True,
            example="in_progress",
        ),
        choice("kind", "What it brings", Deployment.Kind.values, example="software"),
        choice("job_type", "What kind of job it is called", Deployment.JobType.values),
        choice("origin", "How it came about", Deployment.Origin.values, example="plan"),
        text("description", "What people say of it"),
        identifier("release.id", "Release that it installs", path="release__id", is_nullable=True),
        text("release.name", "Name of that", path="release_name", example="gateway-2.4.1"),
        choice("target", "Whom it is for", Deployment.Target.values, example="group"),
        json("groups", "Group that it is for, as a list"),
        json("filter", "Filter that it is for, as it was then", is_shown=False),
        number("max_devices", "How many may take part at most", is_nullable=True),
        number("size", "For how many devices it was made", example="250"),
        number(
            "in_flight_limit",
            "How many devices are at it at once at most",
            is_nullable=True,
            example="500",
        ),
        number("retries", "How often a device that failed tries again"),
        boolean("force_installation", "Whether it is installed where it runs already"),
        choice(
            "action_type",
            "How urgent it is to devices that hawkBit's device API tells it",
            Deployment.ActionType.values,
            example="forced",
        ),
        moment("forced_at", "From when on it is urgent, if timeforced", is_nullable=True),
        number(
            "weight",
            "Which goes first, the highest; null for what waits its turn",
            is_nullable=True,
        ),
        json(
            "maintenance_window",
            "When devices may install: schedule, duration and timezone",
            is_shown=False,
        ),
        text("query", "Condition on devices that its groups were found by, in hawkBit's language"),
        moment("start_at", "When it is to start by itself", is_nullable=True),
        choice(
            "approval",
            "Whether somebody has approved it, empty where nobody needs to",
            Deployment.Approval.values,
            example="",
        ),
        text("approval_by", "Who approved or denied it"),
        text("approval_remark", "What they said to that"),
        json("update_control_map", "Where devices wait to be let on", is_shown=False),
        moment("created_at", "When it was made", is_indexed=True),
        text("created_by", "Who made it", example="admin@example.com"),
        text("created_via", "Where they came in", example="Slipway API"),
        moment(
            "started_at", "When the first device was let in", is_nullable=True, is_observed=True
        ),
        moment("paused_at", "Since when it is paused", is_nullable=True),
        text("paused_by", "Who paused it"),
        text("paused_reason", "Why it is paused", example="by hand"),
        choice(
            "stop",
            "How it was stopped: graceful leaves those at it who have begun; empty if it was not",
            Deployment.Stop.values,
            example="graceful",
        ),
        moment("stopped_at", "When what had not begun was taken back", is_nullable=True),
        text("stopped_by", "Who stopped it", example="admin@example.com"),
        moment(
            "expires_at",
            "When it is over for who has not begun; a day later for all",
            is_nullable=True,
        ),
        moment("aborted_at", "When it was aborted", is_nullable=True),
        moment(
            "finished_at",
            "When it ended",
            is_nullable=True,
            is_observed=True,
            is_indexed=True,
        ),
    ),
    sort=("-number",),
    asked=(
        search(
            "Name, and that of the release, in small letters, to find a word in",
            *("name", "release_name"),
        ),
    ),
)

PHASES = Listing(
    "phases",
    (
        number("number", "Number of the phase", is_indexed=True),
        *_deployment("deployment", is_indexed=True),
        number("position", "Its place in the deployment, from 1", read=PLACE, example="1"),
        text("name", "What its group is called", example="group-1"),
        text("description", "What people say of that"),
        number("percent", "Its share of the devices, null for the rest", is_nullable=True),
        number("size", "How many are in its group from the beginning", is_nullable=True),
        moment("starts_at", "When it opens, null if that is not known yet", is_nullable=True),
        number("quota", "How many it lets in, null for all who are left", is_nullable=True),
        number("admitted", "How many of its quota have been let in"),
        number(
            "success_threshold",
            "Percent of its group that have to be done for the next to open",
            is_nullable=True,
        ),
        choice(
            "success_action",
            "What happens then",
            Phase.SuccessAction.values,
            example="NEXTGROUP",
        ),
        number(
            "error_threshold",
            "With more percent of its group failed, the rollout is paused",
            is_nullable=True,
        ),
        boolean("is_confirmation_required", "Whether devices have to confirm it first"),
        boolean("is_for_newcomers", "Whether it is for devices that come to match later"),
        moment("failed_at", "When too many of its group had failed", is_nullable=True),
        choice(
            "stage", "How far it was when looked at last", Stage.values, example=Stage.OPENED.value
        ),
    ),
    sort=("-number",),
)

DEVICE_DEPLOYMENTS = Listing(
    "device-deployments",
    (
        number("number", "Number of this device's part in this deployment", is_indexed=True),
        *_deployment("deployment", is_indexed=True),
        *_device(),
        text("device_ref", "Identifier that the deployment was made for, whether known or not"),
        Column(
            name="state",
            kind=Kind.CHOICE,
            help="How far the device is",
            choices=tuple(State.values),
            read=STATE,
            target=STATE_WORD,
            example="success",
        ),
        Column(
            name="outcome",
            kind=Kind.CHOICE,
            help="What has become of it, as jobs are told: the first three are open",
            choices=tuple(Outcome.values),
            read=OUTCOME,
            target=TextValue(OUTCOME),
            example="waiting",
        ),
        choice(
            "cause",
            "Why it ended where the state alone does not say it",
            Cause.values,
            example="expired",
        ),
        text("substate", "What it said last"),
        text("message", "Last text that came with what it reported", example="all well"),
        number(
            "phase",
            "Place of the phase that let it in",
            read=F("phase__position") + 1,
            is_nullable=True,
        ),
        number("attempts", "How many attempts it has begun"),
        boolean(
            "is_canceling",
            "Whether it is asked to leave it, and has yet to say that it does",
            read=IS_CANCELING,
        ),
        boolean("is_forced", "Whether it was made urgent for this device"),
        number("status_code", "Number that it reported last", is_nullable=True),
        identifier(
            "artifact.id", "What it was told to install", path="artifact__id", is_nullable=True
        ),
        text("device_type", "Type that it reported when it was let in", example="raspberrypi4"),
        choice("kit_type", "Sensor kit that it had", KitType.values, example="UBUNTU"),
        text("software_before", "Release that it ran before", example="gateway-2.4.0"),
        text("version_before", "Version that it ran before", example="2.4.0"),
        boolean("has_log", "Whether it sent a log"),
        moment("confirmed_at", "When it was confirmed, where that is needed", is_nullable=True),
        moment("cancel_requested_at", "Since when it is to leave it", is_nullable=True),
        moment("admitted_at", "When it was let in", is_nullable=True),
        moment("started_at", "When it first reported", is_nullable=True),
        moment("finished_at", "When its part ended", is_nullable=True),
    ),
    sort=("-number",),
    asked=(
        number("urgency", "How much it needs somebody: 0 the most, for a failure", read=URGENCY),
        search("Name of the device in small letters, to find a word in", "device_name"),
    ),
)

STATUS_EVENTS = Listing(
    "status-events",
    (
        number("number", "Number, higher for what was said later", read="id", is_indexed=True),
        number("device_deployment", "Part that it is about", read="device_deployment_id"),
        *_deployment("device_deployment__deployment"),
        *_device("device_deployment__"),
        moment("at", "When the device said it"),
        choice("state", "What it said", State.values, example="installing"),
        text("substate", "In its own words"),
        number("attempt", "In which of its attempts"),
        choice(
            "kind",
            "What it is besides a state, empty if it is none but that",
            StatusEvent.Kind.values,
            example="",
        ),
        json("messages", "Texts that came with it, as a list"),
        number("code", "Number that came with it", is_nullable=True),
        moment("device_time", "When it was by the clock of the device", is_nullable=True),
    ),
    key="id",
    sort=("-number",),
)

LOGS = Listing(
    "logs",
    (
        number(
            "number",
            "Number of the device's part in the deployment",
            read="device_deployment_id",
            is_indexed=True,
        ),
        *_deployment("device_deployment__deployment"),
        *_device("device_deployment__"),
        moment("received_at", "When it came"),
        json("messages", "Its lines: timestamp, level and message", is_shown=False),
    ),
    key="device_deployment_id",
    sort=("-number",),
)
