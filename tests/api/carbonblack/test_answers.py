"""docs/carbonblack.md names a test for every answer that the OpenAPI document names."""

from tests.api.carbonblack.answers import BOOK
from tests.api.document_checks import AnswerChecks


class TestAnswers(AnswerChecks):
    book = BOOK
