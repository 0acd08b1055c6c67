"""What goes out: JSON, and for lists also tables."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer

from api.json_bodies import encode
from query.showing import moment_text


class JsonRenderer(BaseRenderer):
    """JSON in UTF-8; moments as everywhere here."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else encode(data, told=_told)


class TableRenderer(JsonRenderer):
    """Says that a list also comes as CSV, which is streamed and so never rendered here."""

    media_type = "text/csv"
    format = "csv"


def _told(value: Any) -> Any:
    match value:
        case datetime():
            return moment_text(value)
        case UUID() | Promise():
            return str(value)
    raise TypeError(f"{type(value)} is no JSON")
