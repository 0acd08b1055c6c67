"""What the tests of each dialect's document and of its page of answers have in common."""

import json
import re
from collections.abc import Iterable
from typing import Any, ClassVar

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client

from tests.api.answers import Book, functions_of
from tests.api.recording import name_of

Calls = Iterable[tuple[str, str]]


class DocumentChecks:
    """The document describes every call there is and no other, and any tool can read it.

    `calls` are those that it describes, `served` those there are: methods and paths.
    """

    path: ClassVar[str]
    document: ClassVar[dict[str, Any]]
    calls: ClassVar[Calls]
    served: ClassVar[Calls]

    def test_it_is_served_to_anybody(self) -> None:
        answer = Client().get(self.path)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert "max-age=3600" in answer.headers["Cache-Control"]
        assert json.loads(answer.content) == json.loads(json.dumps(self.document))

    def test_it_is_valid_openapi_3_1(self) -> None:
        assert self.document["openapi"] == "3.1.0"
        schemathesis.openapi.from_dict(self.document).validate()

    def test_each_schema_is_valid_json_schema(self) -> None:
        for name, schema in self.document["components"]["schemas"].items():
            assert jsonschema_rs.meta.is_valid(schema), name

    def test_every_reference_leads_somewhere(self) -> None:
        for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(self.document))):
            found = self.document
            for part in reference.split("/"):
                found = found[part]

    def test_each_call_is_described_and_no_other(self) -> None:
        assert sorted(self.calls) == sorted(self.served)


class AnswerChecks:
    """The page names a test for every answer that the document names.

    That those tests provoke what they are named for, each of them proves by itself: `conftest.py`.
    """

    book: ClassVar[Book]

    def test_every_answer_has_its_test_and_there_are_no_others(self) -> None:
        needed = {key for keys in self.book.wanted().values() for key in keys}
        assert set(self.book.written()) == needed

    def test_each_test_that_is_named_is_there(self, request: pytest.FixtureRequest) -> None:
        """To its parameters, as far as its file belongs to this run."""
        mine = (item for item in request.session.items if self.book.tests in item.path.parents)
        collected = {name_of(item.nodeid) for item in mine}
        files = {name.partition("::")[0] for name in collected}
        for name in self.book.claims():
            file, _, function = name.partition("::")
            assert function.partition("[")[0] in functions_of(self.book.tests, file), name
            assert name in collected or file not in files or request.config.option.keyword, name

    def test_the_page_is_as_it_would_be_written(self) -> None:
        assert self.book.page.read_text() == self.book.text(self.book.written())
