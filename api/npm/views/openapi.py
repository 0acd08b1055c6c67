"""The description of the dialect, for whoever asks: it holds nothing of anybody."""

from django.http import HttpResponse

from api.endpoints import Call
from api.npm.openapi.document import document
from api.npm.resources import PublicResource


class Document(PublicResource):
    def get(self, _call: Call) -> HttpResponse:
        return HttpResponse(
            document(),
            content_type="application/json",
            headers={"Cache-Control": "public, max-age=3600"},
        )
