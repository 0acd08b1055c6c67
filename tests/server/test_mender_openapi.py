"""The running server keeps to its own document, whatever it is asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.server.schemathesis_run import check_document
from tests.serving import Management, Server, serving

pytestmark = [pytest.mark.server, pytest.mark.document]
INHABIT = "from tests.server.inhabiting import inhabit; inhabit()"


@dataclass(frozen=True)
class Inhabited:
    server: Server
    tokens: dict[str, str]
    known: dict[str, list[Any]]


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inhabited]:
    with serving(tmp_path_factory.mktemp("openapi")) as server:
        found = json.loads(server.manage("shell", "-v0", "-c", INHABIT))
        with Management(server) as management:
            person = management.http.headers["Authorization"].removeprefix("Bearer ")
        tokens = {"devices": found["token"], "management": person}
        yield Inhabited(server, tokens, found["known"])


@pytest.mark.parametrize("who", ["devices", "management"])
def test_each_answer_is_one_that_the_document_names(inhabited: Inhabited, who: str) -> None:
    url = f"{inhabited.server.url}/api/mender/openapi.json"
    only = ("--include-path-regex", f"^/api/{who}/")
    authorization = f"Bearer {inhabited.tokens[who]}"
    check_document(url, authorization, inhabited.known, *only)
