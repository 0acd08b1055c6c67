"""docs/mender-answers.md names a test for every answer that the OpenAPI document names."""

import pytest

from tests.api.document_checks import AnswerChecks
from tests.api.mender import test_common_answers
from tests.api.mender.answers import BOOK


class TestAnswers(AnswerChecks):
    book = BOOK


@pytest.mark.parametrize("status", [400, 401, 403, 413, 415, 429, 500])
def test_a_rule_is_tried_with_whatever_it_holds_for(status: int) -> None:
    assert list(test_common_answers.ruled(status))
