"""Requests as this API reads them: bounded JSON, or a form where a view takes one."""

from io import BytesIO
from typing import IO, Any, cast

from rest_framework.parsers import BaseParser, DataAndFiles
from rest_framework.request import Request

from api.json_bodies import check_media_type, decode

FORM = "multipart/form-data"


class JsonRequest(Request):
    """A request whose body may come without announcing its length."""

    def _load_stream(self) -> None:
        if self.content_type.lower().startswith(FORM):
            self._stream = self._request  # type: ignore[assignment] # as REST framework has it
        else:
            body = self._request.body
            self._stream = BytesIO(body) if body else None  # type: ignore[assignment] # none: no body


class JsonParser(BaseParser):
    """JSON that can be stored; raises Invalid("malformed_body")."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        raw = stream.read()
        check_media_type(media_type or "", raw)
        return decode(raw)


class FormParser(BaseParser):
    """A form with files; what is sent without a length is read to its end."""

    media_type = FORM

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> "DataAndFiles[Any, Any]":
        request = cast("dict[str, Any]", parser_context)["request"]._request
        return DataAndFiles(request.POST, request.FILES)
