"""What comes in: JSON objects whose members are declared, and nothing else."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api.json_bodies import decode


class Body(serializers.Serializer[Any]):
    """The body of a call; a member that is not declared is refused, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            known = {name for name, field in self.fields.items() if not field.read_only}
            unknown = {
                str(name): [ErrorDetail("There is no such member.", code="unknown_member")]
                for name in data
                if name not in known
            }
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


def read_map(request: Request) -> dict[str, Any]:
    """The body as an object with whatever members.

    It takes the place of what there is: no body is no object, or a slip would clear it all.
    Raises Invalid("malformed_body"), ValidationError.
    """
    if not request._request.body:
        decode(b"")
    return dict(serializers.DictField().run_validation(request.data))


class Empty(Body):
    """Nothing has to be said."""


def read(kind: type[Body], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The body as the kind declares it; raises ValidationError."""
    body = kind(data=request.data, partial=partial)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)
