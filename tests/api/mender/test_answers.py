"""docs/mender-answers.md names a test for every answer that the OpenAPI document names.

That those tests provoke what they are named for, each of them proves by itself: `conftest.py`.
"""

import ast
from functools import cache

import pytest

from tests.api.mender import answers, test_common_answers
from tests.api.mender.recording import name_of


@cache
def functions_of(file: str) -> set[str]:
    tree = ast.parse((answers.TESTS / f"{file}.py").read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_answer_has_its_test_and_there_are_no_others() -> None:
    needed = {key for keys in answers.wanted().values() for key in keys}
    assert set(answers.written()) == needed


def test_each_test_that_is_named_is_there(request: pytest.FixtureRequest) -> None:
    """To its parameters, as far as its file belongs to this run."""
    collected = {name_of(item.nodeid) for item in request.session.items}
    files = {name.partition("::")[0] for name in collected}
    for name in answers.claims():
        file, _, function = name.partition("::")
        assert function.partition("[")[0] in functions_of(file), name
        assert name in collected or file not in files or request.config.option.keyword, name


def test_the_page_is_as_it_would_be_written() -> None:
    assert answers.PAGE.read_text() == answers.page(answers.written())


@pytest.mark.parametrize("status", [400, 401, 403, 413, 415, 429, 500])
def test_a_rule_is_tried_with_whatever_it_holds_for(status: int) -> None:
    assert list(test_common_answers.ruled(status))
