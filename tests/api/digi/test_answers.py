"""docs/digi.md names a test for every answer that the OpenAPI document names.

That those tests provoke what they are named for, each of them proves by itself: `conftest.py`.
"""

import pytest

from tests.api.answers import functions_of
from tests.api.digi.answers import BOOK
from tests.api.recording import name_of


def test_every_answer_has_its_test_and_there_are_no_others() -> None:
    needed = {key for keys in BOOK.wanted().values() for key in keys}
    assert set(BOOK.written()) == needed


def test_each_test_that_is_named_is_there(request: pytest.FixtureRequest) -> None:
    """To its parameters, as far as its file belongs to this run."""
    collected = {name_of(item.nodeid) for item in request.session.items}
    files = {name.partition("::")[0] for name in collected}
    for name in BOOK.claims():
        file, _, function = name.partition("::")
        assert function.partition("[")[0] in functions_of(BOOK.tests, file), name
        assert name in collected or file not in files or request.config.option.keyword, name


def test_the_page_is_as_it_would_be_written() -> None:
    assert BOOK.page.read_text() == BOOK.text(BOOK.written())
