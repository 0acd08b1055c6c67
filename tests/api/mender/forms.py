"""Forms with a file, as tools send them."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.mender.callers import Person

GENERATE = "v1/deployments/artifacts/generate"
ARGS = {"filename": "panel.conf", "dest_dir": "/etc"}
RAW = b"brightness=7\n"


def send_form(caller: Person, path: str, fields: dict[str, Any]) -> Any:
    headers = {"Authorization": f"Bearer {caller.token}"}
    return caller.client.post(f"{caller.root}/{path}", fields, headers=headers)


def generate(caller: Person, *, file: bytes | None = RAW, args: Any = ARGS, **fields: Any) -> Any:
    """Ask for an artifact of a raw file; a field that is None is left out."""
    form = {
        "name": "panel-1",
        "description": "Monday",
        "device_types_compatible": "board,rspi",
        "type": "single_file",
        "args": args if isinstance(args, str | None) else json.dumps(args),
        **fields,
        "file": None if file is None else SimpleUploadedFile("raw", file),
    }
    sent = {name: value for name, value in form.items() if value is not None}
    return send_form(caller, GENERATE, sent)
