"""What calls about devices answer that is no row of a list, for the document of this API."""

from rest_framework import serializers

from fleet.inventory import REPORTED

VALUE = {"oneOf": [{"type": "string"}, {"type": "number"}, {"type": "array", "items": {}}]}
VALUES_BY_NAME = {"application/json": {"type": "object", "additionalProperties": VALUE}}
TEXTS_BY_KEY = {"application/json": {"type": "object", "additionalProperties": {"type": "string"}}}
SCOPES = ("identity", REPORTED, "system", "tags", "monitor")


class Result(serializers.Serializer[None]):
    """What became of one device; `code` is empty when it was changed."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=["done", "failed"])
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField(allow_blank=True)


class Results(serializers.Serializer[None]):
    """In the order in which the devices were named, or of becoming known."""

    done = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = Result(many=True)


class Moved(serializers.Serializer[None]):
    matched = serializers.IntegerField()
    moved = serializers.IntegerField()


class AttributeTold(serializers.Serializer[None]):
    """`value` is a text, a number or a list of one of these."""

    scope = serializers.ChoiceField(choices=SCOPES)
    name = serializers.CharField()
    value = serializers.JSONField()
    description = serializers.CharField(allow_blank=True)
    reported_at = serializers.DateTimeField(allow_null=True)


class AttributesTold(serializers.Serializer[None]):
    items = AttributeTold(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    count = serializers.DictField(allow_null=True)


class ReasonTold(serializers.Serializer[None]):
    """What blocks stays in the way until somebody acts; the rest passes, at `until` if known."""

    code = serializers.CharField()
    is_fine = serializers.BooleanField()
    blocks = serializers.BooleanField()
    text = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)


class ExplanationTold(serializers.Serializer[None]):
    """What blocks comes first, then what it waits for, then what is fine."""

    is_offered = serializers.BooleanField()
    reasons = ReasonTold(many=True)
