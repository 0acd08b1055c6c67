"""A device asks to be let in."""

import json
from typing import Any

from tests.api.mender.callers import Caller
from tests.make import Key

PATH = "v1/authentication/auth_requests"


def request_of(key: Key, **facts: Any) -> bytes:
    body = {"id_data": '{"mac":"00:01:02:03:04:05"}', "pubkey": key.pem, "tenant_token": ""}
    return json.dumps(body | facts).encode() + b"\n"


def ask(caller: Caller, body: bytes, signature: str, **headers: str) -> Any:
    return caller.post(PATH, body, X_MEN_Signature=signature, **headers)
