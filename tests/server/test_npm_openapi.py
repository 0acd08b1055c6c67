"""The running server keeps to its own document of Riverbed's API, whatever it is asked."""

import json
from pathlib import Path

import pytest

from tests.server.schemathesis_run import check_document
from tests.serving import serving

pytestmark = pytest.mark.server
INHABIT = "from tests.server.npm_inhabiting import inhabit; inhabit()"


def test_each_answer_is_one_that_the_document_names(tmp_path: Path) -> None:
    with serving(tmp_path / "server") as server:
        found = json.loads(server.manage("shell", "-v0", "-c", INHABIT))
        url = f"{server.url}/api/npm/openapi.json"
        check_document(url, found["authorization"], found["known"], "-n", "20")
