"""docs/hawkbit.md has every call there is, and says what of the documentation is not answered."""

import re

from api.hawkbit.configuration import KEYS
from api.hawkbit.openapi.document import OPERATIONS
from fleet.policies import RULES
from tests.api.hawkbit import test_conventions
from tests.api.hawkbit.answers import BOOK, FIRST, MARK
from tests.api.hawkbit.documented import BY_RULE, documented, unnamed
from tests.api.hawkbit.served import served

# The switches of another dialect are in its page.
CARBONBLACK = BOOK.page.with_name("carbonblack.md")
MISSING = "\n## Documented and not answered\n"
EXCUSE = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| (.*) \|$", re.MULTILINE)
RULE = re.compile(r"^ *\| (\d{3}) \| [^|]* \| `test_conventions::(\w+)` \|$", re.MULTILINE)
ROW = re.compile(r"^\| ([A-Z]+) \| `(/[^`]*)` \| (\d{3}) \| `", re.MULTILINE)


def written() -> str:
    return BOOK.page.read_text().partition(MARK)[0]


def rules() -> dict[int, str]:
    return {int(status): test for status, test in RULE.findall(written())}


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
    answered: dict[tuple[str, str], set[int]] = {}
    for each in OPERATIONS:
        answered.setdefault((each.method, unnamed(each.path)), set()).update(each.statuses)
    for call, statuses in documented().items():
        lacking = statuses - answered[call] - set(rules())
        assert lacking == set(reasons.pop(call, {})), call
    assert not reasons


def test_every_reason_is_a_sentence() -> None:
    for reasons in excused().values():
        assert all(len(reason) > 20 and reason.endswith(".") for reason in reasons.values())


def test_each_rule_has_a_test_that_tries_it_with_every_call() -> None:
    assert set(rules()) >= BY_RULE
    for status, test in rules().items():
        assert callable(getattr(test_conventions, test)), status


def test_every_configuration_key_is_documented() -> None:
    section = written().partition("\n## Configuration\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([\w.]+)` \| `(\w+)`", section, re.MULTILINE)
    assert dict(rows) == {name: key.policy for name, key in KEYS.items()}
    others = set(re.findall(r"set_policy ORGANIZATION (job_\w+)", CARBONBLACK.read_text()))
    assert {policy for _, policy in rows} | others == set(RULES)
