"""The running server keeps to its own document of hawkBit's APIs, whatever it is asked."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.server.schemathesis_run import check_document
from tests.serving import Server, serving

pytestmark = [pytest.mark.server, pytest.mark.document]
INHABIT = "from tests.server.hawkbit_inhabiting import inhabit; inhabit()"


@dataclass(frozen=True)
class Inhabited:
    """A server with things to ask for; `headers` say who asks."""

    server: Server
    headers: dict[str, str]
    known: dict[str, list[Any]]


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inhabited]:
    with serving(tmp_path_factory.mktemp("openapi")) as server:
        found = json.loads(server.manage("shell", "-v0", "-c", INHABIT))
        yield Inhabited(server, found["headers"], found["known"])


# Of the many calls of people each is tried in one way that is made up, and in all that follow from
# the document.
@pytest.mark.parametrize(
    ("who", "paths", "made_up"), [("person", "^/rest/", "1"), ("device", "^/{tenant}/", "2")]
)
def test_each_answer_is_one_that_the_document_names(
    inhabited: Inhabited, who: str, paths: str, made_up: str
) -> None:
    url = f"{inhabited.server.url}/api/hawkbit/openapi.json"
    only = ("--include-path-regex", paths.replace("{", "\\{").replace("}", "\\}"))
    check_document(url, inhabited.headers[who], inhabited.known, "-n", made_up, *only)
