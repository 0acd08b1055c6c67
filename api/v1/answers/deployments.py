"""What calls about deployments answer that is no row of a list, for the OpenAPI document."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from deployments.states import State


class StatesTold(serializers.Serializer[None]):
    """How many devices are in each state."""

    def get_fields(self) -> dict[str, Any]:
        return {state.value: serializers.IntegerField() for state in State}


class PhaseStatesTold(serializers.Serializer[None]):
    """`phase` is null for those that have not been let in."""

    phase = serializers.IntegerField(allow_null=True)
    states = StatesTold()


class DeploymentStatisticsTold(serializers.Serializer[None]):
    devices = serializers.IntegerField()
    states = StatesTold()
    phases = PhaseStatesTold(many=True)


class PhasePreviewTold(serializers.Serializer[None]):
    position = serializers.IntegerField()
    percent = serializers.IntegerField(allow_null=True)
    starts_at = serializers.DateTimeField(allow_null=True)
    devices = serializers.IntegerField(allow_null=True)
    quota = serializers.IntegerField(allow_null=True)


class LeftOutTold(serializers.Serializer[None]):
    """`names` has the first of these devices."""

    reason = serializers.CharField()
    devices = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())
    device_type = serializers.CharField(allow_null=True)


class RefusalTold(serializers.Serializer[None]):
    code = serializers.CharField()
    detail = serializers.CharField()
    field = serializers.CharField(allow_null=True)


class PreviewTold(serializers.Serializer[None]):
    """`will`, `later` and `never` count devices: who gets it, of them later, and who never does."""

    devices = serializers.IntegerField(allow_null=True)
    will = serializers.IntegerField(allow_null=True)
    later = serializers.IntegerField()
    never = serializers.IntegerField(allow_null=True)
    phases = PhasePreviewTold(many=True)
    left_out = LeftOutTold(many=True)
    problem = RefusalTold(allow_null=True)


class LeftBehindTold(serializers.Serializer[None]):
    reason = serializers.CharField()
    devices = serializers.IntegerField()


class RetriedTold(serializers.Serializer[None]):
    retried = serializers.IntegerField()
    left_behind = LeftBehindTold(many=True)
    job = serializers.UUIDField(allow_null=True)


class LogTold(serializers.Serializer[None]):
    """`messages` are as the device sent them."""

    received_at = serializers.DateTimeField()
    messages = serializers.ListField(child=serializers.DictField())


@extend_schema_field({"type": "null"})
class NullField(serializers.JSONField):
    """Always null: there are no pages."""


class LinesTold(serializers.Serializer[None]):
    """The same members in each line: `at`, where an interval begins, and what was counted."""

    items = serializers.ListField(child=serializers.DictField())
    next = NullField()
    previous = NullField()
    count = NullField()
