"""What a deployment is to be, as calls say it: the same to make one and to look at it before."""

from typing import Any

from rest_framework import serializers

from api.v1.bodies import Body
from deployments.models import Deployment
from deployments.planning import MAX_LIMIT, MAX_PHASES, MAX_RETRIES, PhasePlan, Plan
from fleet.errors import Invalid

Target = Deployment.Target
# Which members go with which target: one of them is needed, the others are not taken.
NAMED_BY: dict[str, tuple[str, ...]] = {
    Target.DEVICES: ("devices", "q"),
    Target.GROUP: ("group",),
    Target.ALL: (),
    Target.FILTER: ("filter_id",),
}
MAX_DEVICES = 250_000


class PhaseBody(Body):
    """A share of the devices, and when it opens.

    Only the last may leave `percent` out, only the first `starts_at`, which means at once.
    """

    percent = serializers.IntegerField(required=False, allow_null=True)
    starts_at = serializers.DateTimeField(required=False, allow_null=True)


class DeploymentPlan(Body):
    """`target` says whom it is for, and the member that goes with it who that is.

    "devices" goes with `devices`, identifiers of devices known or not, or with `q`, a condition in
    FIQL: the accepted devices that match now. "group" goes with `group`, "filter" with `filter_id`
    and perhaps `max_devices`: whoever matches the saved filter when it calls. "all" is for all
    accepted devices.

    At most `in_flight_limit` devices are at it at once; who has not begun by `expires_at` never
    will, and a day later nobody goes on. Neither goes with the target "filter".
    """

    name = serializers.CharField(trim_whitespace=False)
    release_name = serializers.CharField(trim_whitespace=False)
    target = serializers.ChoiceField(choices=Target.values)
    devices = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False),
        required=False,
        allow_empty=False,
        max_length=MAX_DEVICES,
    )
    q = serializers.CharField(required=False)
    group = serializers.CharField(required=False, trim_whitespace=False)
    filter_id = serializers.UUIDField(required=False)
    max_devices = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MAX_LIMIT
    )
    phases = serializers.ListField(child=PhaseBody(), required=False, max_length=MAX_PHASES)
    in_flight_limit = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=MAX_LIMIT
    )
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    retries = serializers.IntegerField(default=0, min_value=0, max_value=MAX_RETRIES)
    force_installation = serializers.BooleanField(default=False)
    update_control_map = serializers.DictField(required=False, allow_null=True)


def plan_of(body: dict[str, Any]) -> Plan:
    """The plan that a read body says; raises Invalid "invalid_target"."""
    _check_target(body)
    phases = (
        PhasePlan(phase.get("percent"), phase.get("starts_at")) for phase in body.get("phases", ())
    )
    return Plan(
        name=body["name"],
        release_name=body["release_name"],
        target=Target(body["target"]),
        device_refs=tuple(body.get("devices", ())),
        q=body.get("q", ""),
        group=body.get("group", ""),
        filter_id=body.get("filter_id"),
        max_devices=body.get("max_devices"),
        phases=tuple(phases),
        in_flight_limit=body.get("in_flight_limit"),
        expires_at=body.get("expires_at"),
        retries=body["retries"],
        force_installation=body["force_installation"],
        update_control_map=body.get("update_control_map"),
    )


def _check_target(body: dict[str, Any]) -> None:
    target, wanted = body["target"], NAMED_BY[body["target"]]
    given = [name for names in NAMED_BY.values() for name in names if name in body]
    if wrong := [name for name in given if name not in wanted]:
        message = f"The target {target} does not go with {wrong[0]}"
        raise Invalid("invalid_target", message, field=wrong[0])
    if wanted and len(given) != 1:
        message = f"The target {target} needs {' or '.join(wanted)}"
        raise Invalid("invalid_target", message, field=wanted[0])
