"""docs/npm.md names a test for every answer that the OpenAPI document names."""

from tests.api.document_checks import AnswerChecks
from tests.api.npm.answers import BOOK


class TestAnswers(AnswerChecks):
    book = BOOK
