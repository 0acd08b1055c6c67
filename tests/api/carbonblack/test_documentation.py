"""docs/carbonblack.md has every call there is, and says what of the seed is not answered."""

import re

from api.carbonblack.error_codes import Code
from api.carbonblack.openapi.document import OPERATIONS
from tests.api.carbonblack import test_conventions
from tests.api.carbonblack.answers import BOOK, FIRST, MARK
from tests.api.carbonblack.documented import BY_RULE, documented, unnamed
from tests.api.carbonblack.served import served

MISSING = "\n### Documented and not answered\n"
EXCUSE = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| (.*) \|$", re.MULTILINE)
RULE = re.compile(r"^ *\| (\d{3}) \| [^|]* \| `test_conventions::(\w+)` \|$", re.MULTILINE)
ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| `", re.MULTILINE)
READING = re.compile(r"^\| CB-(\d+) \| (.+) \| (.+) \|$", re.MULTILINE)


def written() -> str:
    return BOOK.page.read_text().partition(MARK)[0]


def rules() -> list[tuple[int, str]]:
    return [(int(status), test) for status, test in RULE.findall(written())]


def excused() -> dict[tuple[str, str], dict[int, str]]:
    found: dict[tuple[str, str], dict[int, str]] = {}
    for method, path, status, reason in EXCUSE.findall(written().partition(MISSING)[2]):
        found.setdefault((method, unnamed(path)), {})[int(status)] = reason
    return found


def test_every_call_is_documented_and_no_other() -> None:
    rows = {(method, path) for method, path, _ in ROW.findall(BOOK.page.read_text())}
    assert rows == set(served())


def test_the_first_table_has_every_call_of_the_documentation() -> None:
    keys = BOOK.wanted()[FIRST]
    assert {(key.method, unnamed(key.path)) for key in keys} == set(documented())


def test_what_is_documented_is_answered_or_there_is_a_reason() -> None:
    reasons = excused()
    answered = {(each.method, unnamed(each.path)): each.own_statuses for each in OPERATIONS}
    for call, statuses in documented().items():
        lacking = statuses - answered[call] - BY_RULE
        assert lacking == set(reasons.pop(call, {})), call
    assert not reasons


def test_every_reason_is_a_sentence() -> None:
    for reasons in excused().values():
        assert all(len(reason) > 20 and reason.endswith(".") for reason in reasons.values())


def test_each_rule_has_a_test_that_tries_it_with_every_call() -> None:
    assert {status for status, _ in rules()} >= BY_RULE
    for status, test in rules():
        assert callable(getattr(test_conventions, test)), status


def test_every_reading_is_there() -> None:
    numbers = [int(number) for number, _, _ in READING.findall(written())]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == 38


def test_every_code_of_an_error_is_there() -> None:
    told = set(re.findall(r"`(SUS_\w+)`", written()))
    assert {str(code) for code in Code if code.startswith("SUS_")} == told
