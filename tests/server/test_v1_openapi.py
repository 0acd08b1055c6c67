"""Slipway's own API keeps to its own document on the running server, whatever it is asked."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server.schemathesis_run import check_document
from tests.serving import EMAIL, serving

pytestmark = [pytest.mark.server, pytest.mark.document]
INHABIT = "from tests.server.inhabiting import inhabit; inhabit()"
ONE = re.compile(r"(/api/v1/[a-z-]+)/\{(\w+)\}")
# Whoever calls must not take their own rights away.
OWN = {"name": "st", "email": EMAIL}


def test_each_answer_is_one_that_the_document_names(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        known = json.loads(server.manage("shell", "-v0", "-c", INHABIT))["known"]
        made = server.manage("add_token", EMAIL, "--name", OWN["name"], "--json")
        token = json.loads(made)["token"]
        bearer = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=server.url, headers=bearer, timeout=60) as http:
            known |= listed(http)
        check_document(f"{server.url}/api/v1/openapi.json", f"Bearer {token}", known)


def listed(http: httpx.Client) -> dict[str, list[Any]]:
    """What there is by the list that shows it, as the hooks of `st run` want it."""
    known: dict[str, list[Any]] = {}
    for path in http.get("/api/v1/openapi.json").json()["paths"]:
        if found := ONE.match(path):
            items = http.get(found[1]).json().get("items", [])
            others = [item for item in items if not OWN.items() & item.items()]
            known[f"{found[1]} {found[2]}"] = [
                item[found[2]] for item in others if found[2] in item
            ]
    return {name: values for name, values in known.items() if values}
