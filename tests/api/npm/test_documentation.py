"""docs/npm.md has every call there is, and a test for each reading of what is left open."""

import re

from api.npm.openapi.document import OPERATIONS
from api.npm.openapi.operations import Caller
from tests.api.answers import ROOT, functions_of
from tests.api.npm import test_conventions
from tests.api.npm.answers import BOOK, MARK
from tests.api.npm.served import served

RULE = re.compile(r"^ *\| (\d{3}) \| [^|]* \| `test_conventions::(\w+)` \|$", re.MULTILINE)
ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| `", re.MULTILINE)
READING = re.compile(r"^\| NPM-(\d+) \| .* \| `(\w+)::(\w+)` \|$", re.MULTILINE)


def written() -> str:
    return BOOK.page.read_text().partition(MARK)[0]


def test_every_call_is_documented_and_no_other() -> None:
    rows = {(method, path) for method, path, _ in ROW.findall(BOOK.page.read_text())}
    assert rows == set(served())


def test_each_rule_has_a_test_that_tries_it_with_every_call() -> None:
    rules = {int(status): test for status, test in RULE.findall(written())}
    needed = {
        status
        for each in OPERATIONS
        if each.caller != Caller.ANYBODY
        for status in set(each.by_rule) - each.own_statuses
    }
    assert set(rules) >= needed | {405}
    for test in rules.values():
        assert callable(getattr(test_conventions, test))


def test_every_reading_has_a_test() -> None:
    readings = READING.findall(written())
    assert [int(number) for number, _, _ in readings] == list(range(1, 19))
    for _, file, test in readings:
        of_the_domain = file.startswith("test_device_update")
        folder = ROOT / "tests/deployments" if of_the_domain else BOOK.tests
        assert test in functions_of(folder, file), test
