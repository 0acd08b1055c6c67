"""docs/digi.md has every call there is, every reading, and every rule with its test."""

import re

from tests.api.digi import test_conventions
from tests.api.digi.answers import BOOK, MARK
from tests.api.digi.served import served

RULE = re.compile(r"^ *\| (\d{3}) \| [^|]* \| `test_conventions::(\w+)` \|$", re.MULTILINE)
ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| `", re.MULTILINE)
READING = re.compile(r"^\| DG-(\d+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(\w+)::(\w+)`")
# What each call may answer for who calls and what is sent.
BY_RULE = frozenset({401, 403, 405, 409, 429, 500})


def written() -> str:
    return BOOK.page.read_text().partition(MARK)[0]


def test_every_call_is_documented_and_no_other() -> None:
    rows = {(method, path) for method, path, _ in ROW.findall(BOOK.page.read_text())}
    assert rows == set(served())


def test_each_rule_has_a_test_that_tries_it_with_every_call() -> None:
    rules = {int(status): test for status, test in RULE.findall(written())}
    assert set(rules) == BY_RULE
    for status, test in rules.items():
        assert callable(getattr(test_conventions, test)), status


def test_every_reading_is_there_with_its_test() -> None:
    found = {int(number): tests for number, tests in READING.findall(written())}
    assert list(found) == list(range(1, 29))
    for number, tests in found.items():
        assert NAMED.search(tests), number
        for file, test in NAMED.findall(tests):
            source = next(BOOK.tests.rglob(f"{file}.py")).read_text()
            assert f"def {test}(" in source, (number, test)
