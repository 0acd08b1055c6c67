"""What calls about people answer that is no row of a list, for the document of this API."""

from typing import Any

from rest_framework import serializers


class OrganizationTold(serializers.Serializer[None]):
    id = serializers.UUIDField()
    key = serializers.CharField()
    name = serializers.CharField()


class MeTold(serializers.Serializer[None]):
    """The caller as a member, and what they may do; `token` is the name of the one used."""

    id = serializers.UUIDField()
    email = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()
    two_factor = serializers.CharField()
    last_sign_in_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    token = serializers.CharField(allow_blank=True)
    organization = OrganizationTold()
    permissions = serializers.ListField(child=serializers.CharField())
    permissions_within = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField())
    )


class TokenMade(serializers.Serializer[None]):
    """The only answer with the `token` itself."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    token = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """Whose it is stands under names with a dot."""
        owner: dict[str, Any] = {
            "member.id": serializers.UUIDField(),
            "member.email": serializers.CharField(),
        }
        return {**super().get_fields(), **owner}
