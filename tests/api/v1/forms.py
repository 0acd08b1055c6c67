"""Forms with a file, as callers of the own API send them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.api.v1.callers import ROOT, Caller

RAW = b"brightness=7\n"


def send_form(caller: Caller, path: str, fields: dict[str, Any]) -> HttpResponse:
    """A field that is None is left out."""
    sent = {name: value for name, value in fields.items() if value is not None}
    return caller._client.post(ROOT + path, sent)


def named(content: bytes, name: str = "a.mender") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(caller: Caller, content: bytes | None, **fields: Any) -> HttpResponse:
    file = None if content is None else named(content)
    return send_form(caller, "/artifacts", {"artifact": file, **fields})


def generate(caller: Caller, *, file: bytes | None = RAW, **fields: Any) -> HttpResponse:
    """Ask for an artifact of a raw file."""
    form = {
        "name": "panel-1",
        "device_types": "board,rspi",
        "dest_dir": "/etc",
        "file": None if file is None else named(file, "panel.conf"),
    }
    return send_form(caller, "/artifacts/generate", form | fields)
