"""The running server keeps to its own document of Digi's API, whatever it is asked."""

import json

import pytest

from tests.server.schemathesis_run import check_document
from tests.serving import serving

pytestmark = pytest.mark.server
INHABIT = "from tests.server.digi_inhabiting import inhabit; inhabit()"


def test_each_answer_is_one_that_the_document_names(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with serving(tmp_path_factory.mktemp("openapi")) as server:
        found = json.loads(server.manage("shell", "-v0", "-c", INHABIT))
        url = f"{server.url}/api/digi/openapi.json"
        check_document(url, found["authorization"], found["known"], "-n", "20")
