"""Forms with a file, read by the view once it knows whose they are."""

from typing import Any

from django.http import HttpRequest, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request

from api.v1.bodies import Body
from api.v1.endpoints import Endpoint
from artifacts.receiving import form_fields


class FormEndpoint(Endpoint):
    """Takes a form whose file goes straight to the storage.

    Nothing reads the body before the view does: a session's CSRF token comes in its header.
    """

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        # Where the CSRF check would look for a token, and have the whole form read for it.
        vars(request)["_post"] = QueryDict()
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **names: Any) -> None:
        super().initial(request, *args, **names)
        del vars(request._request)["_post"]

    @property
    def form(self) -> HttpRequest:
        """The request as `artifacts.receiving` reads it."""
        return self.request._request

    def fields(self, kind: type[Body]) -> dict[str, str]:
        """The fields beside the file; raises ValidationError for one that `kind` lacks."""
        given, known = form_fields(self.form), kind().fields
        unknown = [name for name in given if name not in known]
        if unknown:
            lacking = ErrorDetail("There is no such member.", code="unknown_member")
            raise serializers.ValidationError({name: [lacking] for name in unknown})
        return given


@extend_schema_field(OpenApiTypes.BINARY)
class UploadedFile(serializers.FileField):
    """A file of a form."""
