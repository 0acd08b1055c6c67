"""Slipway's own API keeps to its own document on the running server, whatever it is asked."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings

from tests.serving import EMAIL, serving

pytestmark = pytest.mark.server
INHABIT = "from tests.server.inhabiting import inhabit; inhabit()"
ONE = re.compile(r"(/api/v1/[a-z-]+)/\{(\w+)\}")
# Whoever calls must not take their own rights away.
OWN = {"name": "st", "email": EMAIL}


def test_each_answer_is_one_that_the_document_names(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        known = json.loads(server.manage("shell", "-v0", "-c", INHABIT))["known"]
        made = server.manage("add_token", EMAIL, "--name", OWN["name"], "--json")
        bearer = {"Authorization": f"Bearer {json.loads(made)['token']}"}
        with httpx.Client(base_url=server.url, headers=bearer, timeout=60) as http:
            known |= listed(http)
        done = subprocess.run(
            [
                *(str(Path(sys.executable).parent / "st"), "run", "--no-color"),
                *(f"{server.url}/api/v1/openapi.json",),
                *("--header", f"Authorization: {bearer['Authorization']}"),
            ],
            cwd=settings.ROOT,
            env=os.environ | {"SLIPWAY_KNOWN": json.dumps(known)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr
    # A run that has lost its token or its rights finds nothing any more.
    assert "Authentication failed" not in done.stdout, done.stdout[-20000:]


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
