"""The running server keeps to its own document, whatever it is asked."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from tests.serving import Management, Server, serving

pytestmark = pytest.mark.server
INHABIT = "from tests.server.inhabiting import inhabit; inhabit()"


@dataclass(frozen=True)
class Inhabited:
    server: Server
    tokens: dict[str, str]
    known: str


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inhabited]:
    with serving(tmp_path_factory.mktemp("openapi")) as server:
        found = json.loads(server.manage("shell", "-v0", "-c", INHABIT))
        with Management(server) as management:
            person = management.http.headers["Authorization"].removeprefix("Bearer ")
        tokens = {"devices": found["token"], "management": person}
        yield Inhabited(server, tokens, json.dumps(found["known"]))


@pytest.mark.parametrize("who", ["devices", "management"])
def test_each_answer_is_one_that_the_document_names(inhabited: Inhabited, who: str) -> None:
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "st"), "run", "--no-color"),
            *(f"{inhabited.server.url}/api/mender/openapi.json",),
            *("--header", f"Authorization: Bearer {inhabited.tokens[who]}"),
            *("--include-path-regex", f"^/api/{who}/"),
        ],
        cwd=settings.ROOT,
        env=os.environ | {"SLIPWAY_KNOWN": inhabited.known},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr
    # A run that has lost its token or its rights finds nothing any more.
    assert "Authentication failed" not in done.stdout, done.stdout[-20000:]
